"""Trees of the second round of pipelines.extract.choice; bench/train_choice.py wrote them."""

TREES = """
odds_1<=0.4759 odds_1<=0.2839 to_quote<=8 -0.0669 -0.167 -0.077 alike_share<=0.01332 -0.0632
odds_1<=0.6758 page_sentences<=11.48 -0.0708 -0.0519 to_related<=4.5 -0.0671 lines<=5.5 to_consent<=5.5
-0.067 copies<=3.5 figures<=0.5049 0.0374 -0.0669 -0.0658 -0.0674 odds_alike<=0.4565 odds-1<=0.6278
odds_alike<=0.3726 -0.0916 -0.0119 -0.00108 odds_3<=0.4484 odds+1<=0.2723 -0.0362 0.00882 alike<=2.453
0.0104 page_long<=7.064 kind<=4.5 says_consent<=0.03739 lines<=6.5 sentences_before<=0.9995 0.099
-0.000439 -0.0014 -0.00195 0.000312 -0.00205 odds_0<=0.4781 odds_0<=0.3276 to_quote<=8 0.00079
to_toc<=1e-35 -0.000197 -0.0901 -0.00414 odds_0<=0.6542 in_half<=1e-35 -0.0047 0.0144 page_size<=15.84
under_related<=0.1833 to_consent<=5.5 0.000617 linked<=0.6306 to_quote<=1e-35 0.000393 0.0928 0.00232
-0.00108 -0.00217 odds<=0.4678 odds<=0.3228 words<=95.5 -0.0856 -2.61e-05 -0.00334 to_related<=4.5
-0.00128 row_share<=0.9978 to_comment<=2.5 -0.00388 lines<=4.5 kind<=4.5 to_consent<=5.5 0.000546
alike<=1.292 0.00421 copies<=8.5 0.0905 0.000745 0.000521 0.000429 0.000507 odds<=0.4678 odds<=0.2451
words<=88.5 to_toc<=1e-35 0.00038 -0.0843 0.000993 -0.0127 odds<=0.8371 row_share<=0.9878 in_half<=1e-35
-0.00241 under_related<=0.1144 0.0305 -0.00219 -0.0044 under_related<=0.1548 row_share<=0.9978 lines<=4.5
0.0878 0.000527 0.00239 -0.000401 odds-1<=0.3112 sentences_1<=0.03975 to_article<=1.5 0.00284
alike_text<=0.8296 -0.0776 0.00223 alike_text<=0.04594 -0.0126 0.0243 sentences_1<=1e-35
page_thread_url<=1e-35 0.0147 -0.014 alike<=2.453 0.00572 page_sentences<=15.38 lines<=4.5 linked<=0.8675
0.0826 0.00115 0.000365 -0.00105 odds_1<=0.4759 odds_1<=0.2839 -0.0767 -0.00427 alike_share<=0.04908
kind<=1e-35 -0.0102 0.0235 page_size<=15.51 to_consent<=5.5 -0.000344 odds_2<=0.5043 0.00149
around<=0.7056 0.00332 lines<=15.5 kind<=4.5 row_share<=0.9978 0.0807 0.00335 0.00116 0.000502 -0.00109
odds<=0.4678 odds<=0.2451 words<=91.5 to_quote<=8 0.000441 -0.0748 0.000751 -0.0104 odds<=0.6459
alike_unlinked<=0.9997 0.00989 -0.0057 home<=11.5 to_consent<=5.5 -0.000222 row_count<=7.413
blocks_2<=8.916 home<=1e-35 0.00505 0.0761 -0.000735 0.000885 -0.00173 odds_1<=0.3863 odds_1<=0.2839
-0.071 -0.00548 odds_alike<=0.6437 page_thread_url<=1e-35 home<=8.5 0.0226 -0.00802 -0.0148
page_most_unlinked<=0.527 -0.000281 page_sentences<=15.38 row_share<=0.9978 says_consent<=0.0241 kind<=4.5
unlinked_2<=0.6623 0.00198 0.0753 0.00201 -0.00152 0.00236 -0.00121 odds_0<=0.4781 odds_0<=0.2472 -0.0698
depth<=17.5 -0.0106 0.0055 odds_0<=0.8378 odds-1<=0.2322 -0.00465 row_share<=0.9878 page_most<=4.357
-0.00337 0.0237 -0.00405 kind<=5.5 page_thread<=1e-35 row_count<=7.242 0.0741 0.0017 row_count<=3.857
0.0154 -0.00461 -0.00116 odds<=0.4678 odds<=0.3228 odds+3<=0.2956 -0.067 -0.0089 -0.00234 odds<=0.6459
alike_text<=0.04191 -0.00444 alike_share<=0.6019 0.0128 -0.00293 row_share<=0.9903 kind<=4.5
to_quote<=1e-35 -0.00012 odds_2<=0.5043 0.000968 0.0684 0.0021 page_most_unlinked<=0.9907 0.0104 -0.00745
odds<=0.4678 odds<=0.205 -0.066 page_unlinked<=0.9108 depth<=17.5 -0.0175 0.00323 0.00522 odds<=0.8371
row_share<=0.9878 to_comment<=11.5 -0.00638 page_most<=4.491 -0.00277 0.0242 -0.0057 page_size<=15.84
page_most<=8.486 says_consent<=0.01819 0.0688 -0.000189 0.00308 -0.000741 odds_0<=0.3276 odds_0<=0.207
-0.0641 -0.0094 odds_0<=0.6542 in_half<=1e-35 -0.0102 alike_text<=0.04594 -0.00394 0.0169 to_related<=4.5
-0.0029 to_consent<=5.5 -0.001 copies<=3.5 figures<=0.3406 unlinked_1<=0.5838 2.84e-05 page_long<=6.82
0.065 0.000275 0.000248 0.000243 odds<=0.4678 odds<=0.205 to_toc<=1e-35 0.001 words<=95.5 -0.0629 0.00123
-0.0108 odds<=0.8371 to_card<=1.5 -0.00532 to_related<=11.5 -0.00405 0.019 to_related<=4.5 -0.00113
lines<=4.5 sentences_3<=0.08938 0.00904 says_consent<=0.01472 0.0676 -0.000171 -0.00204 odds<=0.4678
odds<=0.3228 odds+3<=0.257 odds_page<=0.103 -0.00567 -0.062 -0.00892 -0.00489 odds<=0.8371 in_half<=1e-35
-0.00595 row_share<=0.9878 to_consent<=8.5 -0.00289 0.0238 -0.00513 to_consent<=6.5 -0.000885
page_sentences<=15.38 kind<=5.5 0.0624 -0.000999 0.000295 odds_0<=0.3276 page_most<=1.661 odds+3<=0.05843
-0.0114 0.0103 odds+2<=0.2358 -0.0596 -0.00779 odds_0<=0.8702 sentences_before<=0.601 alike_text<=0.1031
0.00135 0.0266 page_most<=7.155 odds_1<=0.8091 -0.0172 0.00483 0.00791 lines<=6.5 page_long<=7.064 0.0606
-0.000563 -0.00181 odds_1<=0.316 to_article<=7.5 page_most<=3.391 0.0149 -0.0181 depth_in_most<=17.5
-0.0611 0.000495 odds_alike<=0.5166 page_thread_url<=1e-35 0.00717 -0.0152 to_related<=4.5 -0.00536
alike<=2.161 0.00277 sentences_2<=0.05448 page_most<=6.651 -0.00664 0.0194 page_most<=8.486 0.0608
5.62e-05 odds<=0.4678 odds<=0.1759 page_unlinked<=0.2017 -0.00133 -0.0582 page_blocks<=8.264
alike_text<=0.06117 -0.00939 0.0123 -0.0159 page_thread<=1e-35 to_related<=4.5 -0.00321 copies<=3.5
in_half<=1e-35 -0.00054 figures<=0.4317 0.0593 0.000131 -0.00364 page_size<=14.07 0.0172 -0.0152
odds<=0.4678 odds<=0.205 page_unlinked<=0.2589 -0.00372 -0.0562 -0.00962 odds<=0.8695
sentences_before<=0.601 0.02 page_blocks<=7.919 -0.012 0.00801 sentences_2<=0.08938 page_size<=14.07
0.0166 page_long<=5.087 -0.0146 0.00806 page_sentences<=15.38 lines<=5.5 0.0611 -0.00111 0.000111
odds<=0.4678 odds<=0.1759 page_unlinked<=0.2589 -0.00216 -0.0552 page_unlinked<=0.9108 -0.0155 0.00634
to_related<=4.5 -0.0051 page_thread<=1e-35 odds_3<=0.5227 0.00299 lines<=3.5 row_share<=0.9978
linked<=0.8534 0.0569 0.00126 0.000487 -0.00155 page_size<=14.07 0.0165 -0.0141 odds_2<=0.5043
odds+1<=0.1294 odds-1<=0.145 -0.054 -0.00252 page_blocks<=8.264 alike_share<=0.07391 -0.00649 0.0139
-0.0153 alike_share<=0.2934 odds+1<=0.5355 -0.018 depth_in_most<=5.5 0.0253 -0.0048 page_sentences<=15.38
lines<=10.5 page_most_unlinked<=0.5 -0.000626 0.0556 -0.00176 -0.000963 odds<=0.4678 odds<=0.2451
to_article<=7.5 odds_page<=0.1374 0.009 -0.014 words<=88.5 -0.0543 0.00251 -0.00625 odds<=0.8695
row_share<=0.9878 under_related<=0.1144 0.018 -0.00534 -0.00579 to_consent<=6.5 -0.0018 lines<=4.5
page_size<=15.44 0.0539 0.000823 -0.00218 odds_1<=0.316 odds_1<=0.1718 page_unlinked<=0.2589 -0.00115
-0.052 page_unlinked<=0.9108 -0.0132 0.00574 odds_alike<=0.6437 page_thread_url<=1e-35 0.00844 -0.0169
row_share<=0.9903 to_consent<=8.5 -0.00219 under_related<=0.08712 unlinked_1<=0.5838 -0.000817
odds_3<=0.5227 0.00283 0.0523 -0.00194 -0.000279 odds<=0.3228 to_article<=7.5 odds_page<=0.3615 0.0104
-0.0153 -0.0512 odds<=0.8695 page_thread_url<=1e-35 home<=11.5 row_share<=0.9978 0.0216 -0.00455 -0.00591
row_up<=7.5 -0.0153 0.00676 sentences_3<=0.08938 0.000634 to_meta<=1e-35 -0.000964 page_sentences<=15.38
0.0537 0.000157 odds<=0.4678 odds<=0.1759 to_article<=7.5 page_most<=1.661 0.00803 -0.0116 -0.0505
page_unlinked<=0.9108 depth<=17.5 -0.0157 0.0041 0.00867 odds<=0.8695 page_blocks<=7.919 row_count<=3.522
0.00828 -0.0144 0.0167 sentences_3<=0.08938 0.00261 page_size<=15.44 0.0518 0.000511 odds<=0.4678
odds<=0.1513 to_toc<=4.5 0.00126 to_article<=6.5 -0.00386 -0.0509 page_most_unlinked<=0.5 0.0056 -0.014
page_thread<=1e-35 alike<=2.696 0.00123 page_sentences<=15.38 to_comment<=6.5 -0.00278
page_most_unlinked<=0.527 -4.46e-05 0.0483 -0.00207 page_sentences<=13.1 0.0123 -0.0154 odds<=0.6459
odds<=0.1335 odds_page<=0.103 0.00158 -0.0484 page_unlinked<=0.9108 depth<=16.5 odds_alike<=0.4565 -0.0219
0.00205 0.00539 0.00689 sentences_2<=0.05448 0.00348 page_sentences<=15.38 kind<=4.5 row_share<=0.9978
around<=0.7056 -0.00124 0.0488 -0.00138 -0.00131 -0.00237 odds_alike<=0.6437 chrome<=1e-35
page_sentences<=7.679 0.00928 page_most<=6.651 -0.0198 0.00228 alike_share<=0.9403 -0.0455 0.0039
odds_3<=0.5227 -0.00706 row_share<=0.9903 under_related<=0.1548 blocks_2<=2.161 page_long<=4.977 0.0149
-0.0109 lines<=9.5 0.0478 -0.00113 -0.00432 -0.00103 odds<=0.4678 odds+2<=0.07471 -0.0466
page_most_unlinked<=0.527 0.0113 -0.018 alike_share<=0.2934 page_thread_url<=1e-35 alike<=2.453 -0.00646
odds-1<=0.2715 -0.00363 0.0237 -0.0125 page_long<=6.82 to_meta<=1e-35 -0.00211 kind<=5.5 to_comment<=2.5
-0.00214 0.0468 -0.00113 -0.00254 odds_0<=0.6542 to_article<=6.5 odds_page<=0.3615 0.0116 odds_0<=0.3981
-0.0152 0.00454 odds-3<=0.1843 -0.0459 -0.00594 page_thread<=1e-35 odds_0<=0.8702 page_blocks<=7.886
-0.0042 0.0126 page_size<=15.44 odds_3<=0.5227 0.000377 0.0466 0.000217 page_size<=14.07 0.0118 -0.016
odds_0<=0.3276 odds+2<=0.06648 to_toc<=5.5 0.000763 -0.0468 to_link<=4.5 0.00604 unlinked_2<=0.96 -0.0198
0.00198 odds_0<=0.8702 page_thread_url<=1e-35 0.0127 -0.0113 closed<=1e-35 -0.000769 page_thread<=1e-35
to_related<=5.5 -0.00122 0.048 page_sentences<=13.1 0.00949 -0.00855 odds_1<=0.316 to_article<=7.5
odds_page<=0.3615 0.0106 -0.0108 -0.0428 alike_text<=0.09114 odds+1<=0.8323 -0.00972 0.0101 in_half<=1e-35
-0.00419 to_related<=4.5 -0.00493 row_share<=0.9978 lines<=4.5 page_size<=15.44 to_consent<=8.5 -0.000783
0.0462 -0.0013 -0.00206 -0.00246 odds<=0.4678 to_article<=6.5 page_most_unlinked<=0.527 page_long<=5.629
0.0175 -0.00622 -0.0122 odds+1<=0.2328 -0.0423 -0.00245 sentences_3<=0.4614 alike_unlinked<=0.9997 0.0161
to_author<=11.5 0.00686 -0.0171 position<=0.8651 page_sentences<=15.38 unlinked_0<=0.7673 0.000761 0.0432
-0.00139 -0.00307 odds<=0.6459 odds-1<=0.0745 words<=88.5 to_toc<=4.5 0.00106 -0.0434 0.00222
page_most_unlinked<=0.5 row_count<=5.658 0.0166 -0.0046 unlinked_2<=0.9998 -0.0163 0.00255
page_thread<=1e-35 row_share<=0.9903 page_most_unlinked<=0.527 -0.000858 under_related<=0.1548 0.0432
-0.00235 -0.000578 -0.00276 odds<=0.2826 to_article<=7.5 -0.00267 -0.0402 page_thread_url<=1e-35
copies<=1.5 to_related<=4.5 -0.00735 from_last<=8.5 kind<=4.5 page_thread<=1e-35 dated<=1e-35 0.0451
-0.0022 -0.00348 -0.00186 -0.00358 -0.00517 row_size<=9.489 0.0137 page_most<=6.238 0.00652 -0.0251
odds+1<=0.4522 chrome<=1e-35 alike_text<=0.1471 -0.0117 0.0118 before<=40.37 to_toc<=4.5 0.000664 -0.0402
0.00292 alike_text<=0.09114 0.00107 home<=1e-35 -0.00425 page_sentences<=15.38 to_consent<=8.5 -0.00195
row_size<=12.48 odds_3<=0.5227 5.36e-05 0.0429 -0.00149 -0.00278 odds<=0.3228 to_article<=7.5
page_most<=3.391 0.0139 -0.00962 odds+3<=0.257 -0.0405 0.000497 page_thread_url<=1e-35 alike<=2.696
-0.00206 lines<=1e-35 page_size<=15.44 page_thread<=1e-35 says_author<=0.0482 0.0428 -0.00153 -0.0032
-0.00259 -0.00316 page_size<=14.07 0.0154 -0.0237 odds_1<=0.316 to_article<=7.5 page_most_unlinked<=0.6036
0.0135 -0.0103 words<=88.5 to_toc<=6.5 0.000208 -0.0409 0.00323 page_thread_url<=1e-35 alike<=2.696
-0.00194 page_size<=15.44 page_thread<=1e-35 says_author<=0.07846 0.0394 -0.00201 -0.0043 -0.00322
page_size<=14.07 0.0147 -0.0218 odds<=0.3228 to_article<=7.5 odds_page<=0.3615 0.0112 -0.0126
depth_in_most<=17.5 -0.0373 0.00313 odds<=0.8695 sentences_before<=0.601 alike_text<=0.04594 -0.00394
0.0162 -0.00848 sentences_3<=0.08938 -0.000703 lines<=3.5 page_most_unlinked<=0.527 -0.00233
to_consent<=6.5 -0.00237 0.0406 -0.00398 odds+1<=0.4522 to_article<=6.5 alike_text<=0.03797 -0.00978
page_long<=5.022 0.0207 -0.00753 row_share<=0.826 to_toc<=7.5 0.000776 -0.0368 -0.000227
alike_text<=0.09114 0.000435 to_related<=4.5 -0.00536 row_share<=0.9978 lines<=1.5 to_meta<=1e-35 -0.00229
0.0387 -0.00126 -0.00452 odds_0<=0.2833 to_article<=7.5 -0.0025 words<=88.5 after<=6.901 -0.0376 0.000811
0.00319 depth_in_most<=3.5 to_related<=5.5 -0.00369 alike_unlinked<=0.9196 -0.00164 0.0364
sentences_before<=0.6198 to_section<=7.5 -0.00497 figures<=0.1617 0.0217 -0.0037 odds_page<=0.7733 -0.0215
0.00472 odds<=0.2826 odds+2<=0.06648 -0.0372 odds_page<=0.1439 0.0109 -0.0111 odds<=0.9376
page_long<=4.781 depth<=7.5 -0.00556 copies<=3.5 dated<=1e-35 page_stated<=1e-35 0.0255 -0.00245 -0.00342
-0.00542 row_share<=0.6687 0.00571 -0.0156 odds_3<=0.5227 -0.00131 0.0358 odds+1<=0.6306 to_article<=6.5
alike<=2.696 -0.0106 row_count<=5.658 0.0176 -0.00397 odds-1<=0.3112 depth<=21.5 words<=95.5 -0.0361
0.00253 0.00154 -0.00327 closed<=1e-35 words<=14.5 0.00666 -0.0104 to_related<=4.5 -0.00285 copies<=1.5
0.0356 -0.00127 odds<=0.3228 page_sentences<=7.679 page_sentences<=1e-35 -0.00917 0.0124 odds+1<=0.1164
-0.0357 -0.00299 depth_in_most<=3.5 position<=0.8651 alike_unlinked<=0.9196 -0.00146 page_sentences<=14.87
0.0365 -0.00072 -0.00377 page_size<=14.07 alike_text<=0.1471 -0.00469 0.0215 page_sentences<=13.59 -0.0232
0.0056 alike_share<=0.2934 odds+3<=0.05843 -0.0353 page_blocks<=7.919 from_heading<=1e-35 0.00419
row_up<=7.5 alike_text<=0.4954 -0.0245 0.00344 0.0031 page_most<=8.443 home<=8.5 0.023 -0.00318 -0.00807
sentences_before<=0.7593 home<=1e-35 -0.00474 0.0369 from_heading<=6.5 0.00716 -0.0122 odds+1<=0.6306
odds_1<=0.06058 to_toc<=5.5 0.00185 -0.0359 sentences_before<=0.5777 alike_share<=0.04908 -0.00705 0.0188
page_most<=3.391 0.00881 page_most<=7.455 -0.0235 0.00126 sentences_3<=0.1269 -0.00345
page_sentences<=14.87 alike_share<=0.004826 -0.00384 kind<=4.5 0.0361 -0.0011 -0.00308 closed<=1e-35
chrome<=1e-35 page_blocks<=7.919 -0.0145 odds_around<=0.07668 -0.00541 0.0117 -0.0318 odds_before<=0.9159
to_comment<=1.5 -0.00926 to_consent<=8.5 -0.00629 to_related<=4.5 -0.00356 copies<=1.5 alike<=1.292
0.000134 under_related<=0.1833 0.0397 -0.00108 -0.00104 -0.00943 odds_0<=0.207 odds_page<=0.103 0.00542
row_share<=0.7614 -0.0322 0.000572 depth_in_most<=3.5 depth<=6.5 -0.0021 alike_text<=0.01196 -0.00137
0.0347 depth<=13.5 sentences_before<=0.2319 0.00712 page_blocks<=8.57 page_unlinked<=0.5005 0.00303 -0.03
0.00407 alike_text<=0.1031 -0.00288 0.0189 closed<=1e-35 odds_3<=0.5227 page_most<=1.661 0.00184
to_toc<=1e-35 0.00193 -0.0297 kind<=1e-35 -0.014 0.00865 sentences_before<=0.6198 to_consent<=10.5
-0.00429 alike_share<=0.159 0.00249 0.0372 odds-1<=0.6278 to_hidden<=5.5 0.00415 row_up<=7.5 -0.022
0.00257 0.01 odds<=0.8695 odds_2<=0.07616 page_sentences<=7.679 0.00198 -0.0331 sentences_before<=0.3952
alike_text<=0.04191 -0.00635 to_nav<=3.5 -0.00402 0.0219 odds_page<=0.2109 0.0103 page_most<=7.455 -0.0201
0.00175 sentences_2<=0.08938 page_size<=14.07 0.00797 -0.0141 lines<=1e-35 0.0326 -0.00279 odds+1<=0.5355
to_article<=6.5 to_post<=9.5 -0.00567 home<=7.5 0.0178 -0.00474 page_sentences<=7.679 page_most<=6.852
0.0116 -0.00881 page_most<=7.455 odds_around<=0.8516 -0.0349 0.00141 -0.00202 closed<=1e-35 home<=2.5
-0.0143 0.00719 position<=0.8651 0.0276 -0.00252 chrome<=1e-35 alike_text<=0.336 page_thread_url<=1e-35
alike<=2.453 -0.00859 kind<=4.5 odds_before<=0.9372 0.0225 -0.00214 -0.00516 odds_page<=0.5712 0.00276
page_article<=1e-35 -0.0244 0.00313 row_share<=0.9903 0.0299 -0.00238 page_sentences<=7.679 around<=0.6083
-0.0121 0.0157 -0.0298 odds-1<=0.0664 size<=8.576 -0.0302 0.00258 sentences_before<=0.6812
alike_share<=0.2262 size_at+1<=4.882 page_size<=13.25 -0.0145 0.00424 0.01 says_author<=0.08514
to_related<=4.5 -0.00134 0.0339 -0.00293 page_most<=4.044 0.0087 odds+1<=0.7836 to_article<=1.5 0.00451
-0.0223 0.00478 closed<=1e-35 to_article<=7.5 kind<=1e-35 -0.0113 alike_text<=0.007515 -0.00347 0.0127
odds-3<=0.7448 depth_in_most<=17.5 -0.0297 0.00185 0.00119 sentences_before<=0.7593 alike_text<=0.1948
0.00258 to_consent<=8.5 -0.00259 0.0357 before<=15.96 from_heading<=1.5 0.0036 -0.0168 0.00689
odds_1<=0.06058 -0.0292 closed<=1e-35 kind<=1e-35 to_body<=9.5 -0.02 0.00448 page_most_unlinked<=0.9907
0.0117 -0.0102 sentences_before<=0.6198 page_thread<=1e-35 to_head<=1e-35 -0.00203 copies<=3.5 0.0345
-0.00191 -0.000306 odds_0<=0.8702 alike_unlinked<=0.9928 0.00375 -0.0145 0.0089 odds_2<=0.07616
page_unlinked<=0.2589 0.00239 -0.0296 alike<=3.246 unlinked_1<=0.9705 -0.015 0.0059 to_comment<=3.5
-0.00979 row_share<=0.9878 unlinked_3<=0.9998 words<=3.5 0.000706 depth<=5.5 -0.000698 to_td<=6.5 -0.00221
0.0352 depth<=12.5 -0.00975 0.009 -0.00548 chrome<=1e-35 odds_0<=0.9372 page_long<=3.391 figures<=0.254
0.014 -0.0039 page_article<=1e-35 from_title<=47.5 0.00335 to_author<=9.5 0.00225 -0.0245 odds+1<=0.2723
-0.00544 0.0114 sentences_3<=0.1648 -0.00277 0.0268 page_most_unlinked<=0.5 0.0014 odds+1<=0.4522 -0.0285
0.00268 chrome<=1e-35 alike<=2.453 -0.0102 row_share<=0.9903 depth<=6.5 -0.00174 to_consent<=11.5 -0.00465
page_stated<=1e-35 under_related<=0.1339 odds+1<=0.05908 -0.002 0.0315 -0.00292 -0.00288 -0.00571
size<=8.428 to_toc<=4.5 0.00219 depth<=21.5 -0.0285 0.00213 0.00381 odds<=0.05626 -0.0274
sentences_3<=0.4614 depth<=15.5 alike_unlinked<=0.9952 alike_unlinked<=0.9655 linked_at-2<=0.8265 -0.0142
0.00601 0.015 page_sentences<=13.59 blocks_2<=5.022 -0.0279 0.00235 0.00194 0.0137 depth<=6.5 -0.00287
alike_text<=0.006667 -0.00367 to_consent<=6.5 -0.00367 0.0281 odds_around<=0.08602 -0.0276
sentences_before<=0.6198 words<=3.5 -0.00752 page_thread<=1e-35 says_author<=0.0482 depth<=5.5 -0.00118
page_most<=8.506 from_title<=1e-35 -0.00177 0.0326 -0.000787 -0.00363 -0.00174 odds_page<=0.2109 0.0114
odds_around<=0.9009 to_li<=1e-35 0.00312 -0.0202 0.00797 alike_text<=0.2736 odds_2<=0.07042 -0.026
page_thread_url<=1e-35 home<=8.5 page_most_unlinked<=0.9994 0.0173 -0.00497 alike_text<=0.1471 -0.0119
0.00652 to_quote<=8 0.00384 page_article<=1e-35 -0.0234 0.00259 sentences_before<=0.7176 closed<=1e-35
-0.00341 0.0305 page_long<=5.392 0.0054 -0.0123 sentences_1<=0.1371 from_heading<=6.5 alike_text<=0.09114
page_most_unlinked<=0.527 0.00594 page_size<=14.12 -0.017 0.00387 capitals<=0.06704 -0.00301 0.0182
depth<=16.5 odds_page<=0.103 0.00466 odds_page<=0.7458 alike_text<=0.8296 -0.0339 0.00246 0.00317 0.00457
depth<=6.5 -0.00378 0.0237 alike_share<=0.2934 odds+2<=0.06648 -0.0258 alike<=2.696 unlinked_2<=0.9724
-0.0172 0.00213 page_long<=4.781 page_size<=13.14 -0.00153 0.0214 row_up<=1.5 0.00757 -0.0144
sentences_before<=0.6812 linked<=0.2827 0.0293 -0.00384 page_size<=13.92 0.0075 sentences_2<=0.9989
-0.0168 0.00418 odds_1<=0.06058 to_toc<=5.5 0.00293 -0.0269 odds_0<=0.9372 page_long<=4.781
page_size<=13.25 alike_text<=0.1471 unlinked_2<=0.9724 -0.0212 0.0038 0.0111 0.0183 to_li<=1e-35 0.00799
sentences_before<=0.3252 0.00199 -0.0233 alike_unlinked<=0.9196 -0.00345 sentences_2<=0.08938 -0.00197
0.0257 alike_share<=0.2934 odds+3<=0.05843 to_toc<=5.5 0.00282 -0.0247 page_blocks<=7.919 blocks_2<=4.672
to_hidden<=7.5 0.00384 page_most<=7.155 -0.0221 0.00211 0.00344 page_most<=8.443 0.0175 -0.00675
sentences_before<=0.7593 kind<=3.5 0.0281 -0.00337 page_size<=13.92 0.00526 -0.0129 odds_3<=0.06128
-0.0242 page_thread_url<=1e-35 depth<=6.5 -0.00638 under_comments<=0.1833 words<=3.5 -0.00229
page_thread<=1e-35 odds_before<=0.9758 row_size<=11.58 blocks_2<=1.292 -0.0015 0.0333 -0.000828 -0.00272
-0.00394 -0.00709 page_size<=14.07 words<=6.5 -0.00633 0.0122 -0.0236 sentences_2<=0.09907
row_share<=0.8974 from_heading<=1.5 0.0052 odds_page<=0.103 0.005 depth<=17.5 odds_page<=0.7393 -0.032
0.00159 0.00232 row_share<=0.9978 0.0136 -0.00917 odds<=0.8371 kind<=1e-35 -0.0121 0.00815
page_most_unlinked<=0.527 -0.00341 page_sentences<=15.38 0.0278 -0.00305 closed<=1e-35 from_heading<=1e-35
0.00471 depth<=16.5 odds_page<=0.103 0.00463 -0.0249 0.00262 from_heading<=15.5 alike_text<=0.2736
size_at+1<=5.629 text_before<=0.222 0.00345 -0.0102 0.00961 page_sentences<=15.38 0.0287 -0.00123
page_long<=3.857 0.00992 to_meta<=5.5 0.00302 -0.0187 odds_1<=0.06058 page_sentences<=7.679 0.0028 -0.0242
alike<=3.246 unlinked_1<=0.9666 -0.0139 0.0055 page_long<=4.781 to_foot<=9.5 -0.00392 stated<=-1e-35
figures<=0.1687 0.031 0.000114 -0.00339 from_heading<=14.5 page_thread_url<=1e-35 lines<=3.5 0.0165
-0.00418 -0.00649 -0.0163 odds+2<=0.06648 words<=69.5 -0.0241 0.00328 depth_in_most<=3.5 depth<=6.5
-0.00417 alike_text<=0.01196 -0.00352 0.0255 alike_unlinked<=0.9952 to_side<=11.5 -0.00792 blocks_2<=5.919
0.0187 -0.00228 depth<=17.5 to_hidden<=2.5 0.00385 page_sentences<=13.59 -0.0281 0.00208 0.00836
odds_around<=0.08602 -0.0221 page_thread_url<=1e-35 from_last<=-1e-35 row_size<=1 -0.00399
row_share<=0.9903 home<=11.5 stated<=-1e-35 page_sentences<=14.82 0.0307 -0.00107 -0.00279 -0.00434
-0.00348 odds_page<=0.3014 0.00901 -0.0124 to_post<=5.5 page_size<=13.86 0.0116 -0.00534 -0.0216
closed<=1e-35 depth<=17.5 page_most<=1.661 0.00265 row_count<=4.781 to_toc<=6.5 0.00355 -0.0237 0.00119
0.00286 sentences_before<=0.601 to_meta<=1e-35 -0.00309 from_title<=-3.5 -0.00243 0.0247 odds_1<=0.9437
page_unlinked<=0.5005 0.00453 to_meta<=4.5 0.00297 -0.0176 0.00595 odds_1<=0.06058 -0.0216
depth_in_most<=3.5 depth<=6.5 -0.005 from_last<=1e-35 to_body<=1e-35 -0.00158 lines<=1.5 0.0267 -0.00198
-0.00417 depth<=15.5 page_blocks<=9.21 odds_page<=0.7665 page_blocks<=6.16 0.00198 to_hidden<=2.5 0.00206
-0.0261 0.0058 0.00956 0.011 closed<=1e-35 odds_page<=0.1439 0.00496 depth<=17.5 to_head<=1e-35 0.00181
-0.0205 0.00272 alike_unlinked<=0.9994 under_comments<=0.1833 page_long<=6.82 odds_3<=0.06128 -0.00297
0.0266 -0.00357 -0.00407 page_long<=3.754 0.00709 blocks_2<=4.781 depth<=18.5 -0.0223 0.00343 0.00603
odds_around<=0.08602 -0.0219 page_thread_url<=1e-35 page_blocks<=7.665 alike_text<=0.1031 -0.0111
row_count<=4.357 0.0135 -0.00546 to_comment<=1.5 -0.00647 alike_text<=0.005846 -0.00244 home<=9.5
to_related<=4.5 -0.00167 page_sentences<=14.87 0.0308 -0.00148 -0.00329 to_post<=5.5 0.00621 -0.0195
closed<=1e-35 from_heading<=1e-35 0.00602 depth<=17.5 odds_page<=0.103 0.00457 lower<=1e-35 -0.025 0.00161
0.00436 odds_before<=0.388 odds+3<=0.08759 -0.00229 0.0235 odds<=0.9376 depth<=13.5 sentences_1<=0.9979
-0.0162 0.00322 0.00391 page_thread<=1e-35 0.0142 -0.00416 odds_around<=0.08602 page_unlinked<=0.2589
0.00305 to_toc<=5.5 0.00245 -0.0238 sibling_at+1<=1e-35 page_blocks<=7.919 row_share<=0.905 -0.0151
0.00217 home<=8.5 0.00977 -0.00493 alike<=6.276 depth<=7.5 -0.00227 to_foot<=11.5 -0.00182 0.0242
odds_0<=0.9372 -0.0108 0.00558 closed<=1e-35 from_heading<=1e-35 0.00633 odds_page<=0.103 0.00494
unlinked_1<=0.9984 to_toc<=2.5 0.0023 -0.025 -0.00182 from_first<=46.5 alike_text<=0.2736 size_at-1<=5.794
-0.00618 0.0061 0.0243 from_heading<=11.5 alike_text<=0.09114 -0.00529 0.0114 page_long<=3.857 0.00327
-0.0158 odds_0<=0.9372 page_most_unlinked<=0.5 odds-1<=0.03783 -0.00442 alike<=6.735 0.0168 -0.00276
to_post<=5.5 odds_alike<=0.6437 -0.00638 0.00866 row_size<=10.23 page_most<=7.155 row_count<=5.022 -0.0252
0.00211 page_most_unlinked<=0.9785 0.00756 -0.00915 0.00368 sentences_3<=0.1648 -0.00354 0.0208
odds_around<=0.08602 page_unlinked<=0.2589 0.00316 to_toc<=5.5 0.00293 -0.0232 sentences_before<=0.3952
page_unlinked<=0.357 -0.00558 from_title<=1e-35 -0.00332 to_caption<=1.5 -0.00336 0.0229
odds_around<=0.934 page_unlinked<=0.8089 alike<=2.696 -0.00726 0.0127 page_size<=13.89 -0.000513 -0.0218
0.0112 odds_2<=0.05568 to_toc<=5.5 0.00258 -0.0211 depth<=7.5 odds_around<=0.934 -0.0144 0.00587
page_long<=4.977 to_foot<=11.5 -0.00711 page_stated<=1e-35 size_at+1<=3.953 0.000407 dated<=1e-35 0.026
-0.0027 -0.0052 page_sentences<=13.59 blocks_2<=5.304 -0.0208 0.00386 0.00792 closed<=1e-35 to_head<=1e-35
0.0036 unlinked_1<=0.9666 -0.0192 page_long<=4.781 0.0051 -0.00782 from_title<=83.5 stated<=-1e-35
odds_2<=0.1667 -0.003 under_related<=0.08712 0.0243 -0.00215 -0.00422 page_long<=3.391 0.00748
odds_2<=0.9436 home<=5.5 -0.0177 0.000536 0.00322 sentences_1<=0.1371 to_article<=6.5 alike_text<=0.01196
-0.0073 under_comments<=0.1833 unlinked_3<=0.9998 0.0204 -0.00199 -0.00536 to_hidden<=5.5 0.00102
page_blocks<=6.16 0.00253 row_count<=4.285 page_size<=15.26 -0.0251 0.00145 0.00147 linked<=1e-35
to_related<=4.5 -0.00376 0.0193 -0.00514 words<=3.5 odds_page<=0.103 0.00299 -0.0168 from_title<=55.5
from_heading<=19.5 from_last<=1e-35 0.0199 -0.00178 -0.00376 alike_unlinked<=0.9928 to_related<=10.5
-0.00745 odds_before<=0.9758 0.0133 -0.00385 odds_page<=0.3014 0.0055 page_sentences<=13.59
blocks_0<=1.292 -0.0227 0.00281 0.00194 odds_3<=0.06128 -0.0179 page_thread_url<=1e-35 page_blocks<=7.665
around<=0.9381 row_share<=0.7311 -0.0155 0.00374 page_size<=13.89 0.0129 -0.00783 page_size<=15.18
home<=9.5 to_related<=4.5 -0.00184 0.0289 -0.00309 -0.00413 to_post<=5.5 capitals<=0.2384 0.0104 -0.00448
-0.0212 closed<=1e-35 odds_page<=0.1439 0.00436 to_article<=1.5 0.00231 page_long<=1e-35 0.000882
page_most<=6.651 -0.0198 linked_at+1<=0.1615 0.0029 -0.00766 sentences_before<=0.6812 alike_text<=0.1948
-0.00195 0.0233 odds_page<=0.2109 0.00462 sentences_2<=0.9989 to_li<=2.5 0.00192 -0.0136 0.00399
from_heading<=6.5 odds_before<=0.9159 page_thread_url<=1e-35 page_most_unlinked<=0.9771 0.0217 -0.00132
alike_share<=0.3248 -0.00944 0.0053 -0.00742 to_article<=1.5 0.00598 to_caption<=7.5 0.00566 row_up<=9.5
odds_around<=0.934 to_button<=6.5 -0.000498 blocks_2<=7.626 -0.0262 0.00153 0.00329 0.00393 odds_1<=0.0675
to_toc<=5.5 0.00296 -0.0196 page_thread_url<=1e-35 page_blocks<=7.665 size<=7.922 -0.00946 0.00768
to_comment<=1.5 -0.00538 to_consent<=7.5 -0.00263 to_foot<=4.5 -0.0022 0.0233 page_most<=6.238 0.00775
to_author<=9.5 0.00267 page_unlinked<=0.8976 -0.0223 0.00303 odds_around<=0.08602 -0.0161 alike<=2.453
page_most_unlinked<=0.5 0.00609 -0.0115 page_sentences<=13.47 under_comments<=0.1833 to_foot<=10.5
-0.00365 under_related<=0.1548 says_comment<=0.06742 row_size<=11.26 0.0269 -0.00154 -0.00256 -0.00347
-0.00609 page_sentences<=13.59 -0.0137 page_most_unlinked<=0.9907 0.0116 -0.00721 odds_around<=0.08602
to_toc<=5.5 0.00205 -0.019 odds_before<=0.3216 size<=4.426 -0.00218 to_consent<=5.5 -0.00298 0.0191
odds_around<=0.934 depth<=15.5 linked_at-2<=0.6815 sentences_2<=0.9989 to_meta<=5.5 0.000936
to_hidden<=2.5 0.00172 -0.0234 0.00296 0.00152 0.00749 0.0111 words<=3.5 home<=5.5 0.00136 -0.0178
sentences_before<=0.3758 from_title<=1e-35 -0.00483 dated<=1e-35 to_foot<=4.5 -0.00207 0.0228 -0.00308
page_unlinked<=0.8089 odds_3<=0.06128 -0.00398 0.0142 odds_2<=0.918 to_caption<=9.5 0.00301 to_li<=1e-35
0.00329 -0.0229 0.00419 from_heading<=5.5 alike<=3.391 from_title<=29.5 0.00632 page_size<=14.12 -0.0156
0.00415 to_consent<=6.5 -0.0033 0.0174 page_sentences<=7.679 to_nav<=11.5 -0.00553 0.0125 to_article<=1.5
0.00641 sentences_before<=0.3758 odds+2<=0.08037 -0.00893 0.00654 to_caption<=9.5 0.00163 -0.0239
odds+2<=0.06648 -0.0147 alike<=1.292 -0.00837 page_sentences<=13.47 to_nav<=11.5 -0.00487
under_related<=0.1548 dated<=1e-35 copies<=3.5 row_size<=11.26 0.0259 -0.00212 -0.00304 -0.00309 -0.00511
page_blocks<=7.919 row_size<=8.368 0.0048 -0.0194 row_size<=12.48 0.012 -0.00497 closed<=1e-35
to_link<=4.5 0.00533 depth<=17.5 size_at+1<=8.283 -0.0176 0.00101 0.00457 sentences_before<=0.5777
alike_share<=0.1953 -0.00174 to_related<=4.5 -0.0024 says_consent<=0.01472 0.0239 -0.00188 odds_1<=0.9437
odds_page<=0.2109 0.00493 unlinked_3<=1e-35 0.00343 -0.0126 0.00581 closed<=1e-35 odds_page<=0.1439
0.00492 row_share<=0.8974 -0.0156 0.000181 from_title<=83.5 capitals<=0.2384 unlinked_3<=0.9998
to_comment<=1.5 -0.00344 odds_around<=0.1152 -0.00182 0.0235 -0.00202 -0.00284 blocks_3<=3.754 0.00405
odds_around<=0.934 sentences_1<=0.9979 -0.0154 0.00287 0.00355 alike<=2.696 unlinked_3<=0.9823 -0.016
0.00253 page_size<=13.89 to_nav<=3.5 -0.00659 figures<=0.1974 odds+2<=0.0429 -0.0028 under_related<=0.1548
0.024 -0.00286 -0.0014 row_up<=1.5 lines<=1e-35 0.0141 -0.00614 sentences_3<=0.9091 page_most<=7.455
-0.0227 6.44e-05 0.00446 odds+3<=0.05843 -0.0136 page_long<=4.781 alike<=3.391 unlinked_2<=0.9724
page_size<=13.96 -0.0151 0.00433 0.00927 page_stated<=1e-35 dated<=1e-35 under_related<=0.1144 size<=4.426
2.97e-05 0.0256 -0.00327 -0.0034 -0.00448 blocks_3<=6.349 to_li<=1e-35 0.00499 -0.0169 0.00546
closed<=1e-35 odds_page<=0.1439 0.00502 row_share<=0.8974 -0.0144 0.0015 from_title<=55.5 odds<=0.1513
-0.00334 unlinked_3<=0.9998 0.0211 -0.00115 page_long<=3.391 0.00825 page_sentences<=13.59 to_li<=1e-35
0.00288 to_author<=9.5 0.00204 -0.0185 row_share<=0.9903 0.00855 -0.00654 from_heading<=6.5 alike<=1.292
-0.00716 to_meta<=1e-35 -0.00509 to_related<=8.5 -0.00279 to_foot<=10.5 -0.00316 says_comment<=0.05608
0.0212 -0.00262 page_size<=13.86 alike_unlinked<=0.9691 page_size<=13.74 -0.0138 0.00505 0.0118
row_up<=1.5 0.000751 odds_page<=0.7458 -0.0221 0.00201 from_heading<=6.5 page_thread_url<=1e-35
alike_text<=0.0273 -0.00292 depth<=6.5 -0.00174 under_related<=0.09545 0.0224 -0.00311 alike_text<=0.2736
-0.0114 0.00475 page_sentences<=7.679 0.00699 to_article<=1.5 0.00576 sentences_before<=0.3758
odds-3<=0.05357 -0.00886 0.0075 size_at-2<=2.696 0.00218 -0.0222 alike_text<=0.2736 kind<=1e-35
to_hidden<=5.5 0.00243 -0.02 to_article<=9.5 0.0135 size_at+1<=6.983 to_toc<=7.5 0.00454 -0.0153 0.00483
sentences_before<=0.6812 lines<=1e-35 punctuation<=1e-35 -0.00333 0.0221 -0.00343 from_heading<=3.5
0.00613 page_long<=3.754 0.00316 -0.0129 closed<=1e-35 from_heading<=1e-35 0.00438 page_blocks<=9.443
to_toc<=8.5 0.00272 to_article<=1.5 0.00237 row_up<=9.5 -0.0216 0.00132 0.00286 from_title<=63.5
from_heading<=21.5 0.0153 -0.00347 page_long<=3.391 0.00844 to_li<=1e-35 0.00551 odds_2<=0.9436 -0.0161
0.00283 words<=3.5 -0.012 sentences_before<=0.4148 from_title<=1e-35 -0.00413 to_meta<=1e-35 -0.0022
to_caption<=1.5 -0.00215 0.0221 page_unlinked<=0.8089 to_mail<=8.5 -0.00378 odds_3<=0.06128 -0.00349
0.0156 odds_around<=0.934 to_meta<=9.5 0.00198 page_most<=8.098 -0.023 0.00314 0.00517 from_heading<=5.5
page_thread_url<=1e-35 to_foot<=11.5 -0.00383 page_han<=0.3388 kind<=4.5 copies<=3.5 0.0209 -0.00247
-0.00365 -0.00401 to_post<=5.5 0.00472 -0.0105 page_size<=13.86 depth<=10.5 around<=0.9493 -0.0141 0.00613
0.0102 to_li<=1e-35 0.00354 -0.0177 odds+1<=0.7836 odds_page<=0.1439 0.00761 page_most<=7.155
alike_share<=0.3248 row_count<=4.357 -0.0213 0.00272 alike_share<=0.6779 0.0097 -0.00732 odds_page<=0.2414
-0.00672 row_share<=0.9814 0.0101 -0.00471 from_title<=115.5 unlinked_3<=0.9998 linked<=0.2005 0.016
-0.00254 -0.00322 -0.00308 odds_3<=0.06128 -0.0142 sibling_at+1<=1e-35 alike_text<=0.2736 kind<=1e-35
-0.0138 home<=8.5 0.00594 -0.00561 row_count<=4.357 0.0115 -0.00361 depth<=7.5 -0.00477 alike<=6.276
says_author<=0.0482 under_related<=0.1339 to_foot<=11.5 -0.00116 0.023 -0.00201 -0.00205 -0.00265
odds_3<=0.06128 -0.0141 alike<=2.696 alike_text<=0.1471 unlinked_2<=0.9724 -0.0138 0.00225 0.00603
page_long<=4.781 depth<=6.5 -0.0055 stated<=-1e-35 says_comment<=0.08404 to_nav<=3.5 -0.00235
under_related<=0.1144 0.0244 -0.00267 -0.00346 -0.00502 blocks_2<=4.554 -0.0128 0.00882 odds-1<=0.03783
-0.0137 page_long<=4.781 alike_text<=0.009444 -0.00762 page_stated<=1e-35 under_related<=0.1144
to_nav<=3.5 -0.00471 says_mail<=0.01575 row_share<=0.9978 to_author<=2.5 -0.00193 to_related<=4.5 -0.00286
0.0255 -0.00314 -0.00392 -0.0056 -0.00542 to_li<=1e-35 0.00772 -0.0116 odds<=0.05626 -0.0128
sibling_at+1<=1e-35 page_long<=3.391 blocks_2<=2.904 0.0121 -0.00612 page_sentences<=13.61
sentences_before<=0.1952 0.00142 -0.0162 0.00305 page_sentences<=14.87 under_related<=0.1339
under_comments<=0.1181 position<=0.8327 alike_text<=0.007515 -0.00123 0.0207 -0.00134 -0.00179 -0.00503
-0.00694 closed<=1e-35 odds_page<=0.1439 0.00566 from_heading<=1e-35 0.0031 depth<=17.5 -0.0169 0.00201
sentences_before<=0.5008 to_consent<=10.5 -0.00334 page_blocks<=9.121 0.017 -0.0015 from_heading<=6.5
alike_text<=0.07234 -0.00432 0.00976 sentences_3<=0.6889 row_up<=6.5 -0.0163 0.00201 0.00284
"""
