"""Trees of the second round of pipelines.extract.choice; bench/train_choice.py wrote them."""

TREES = """
odds_1<=0.3688 odds_1<=0.3026 depth_in_most<=20.5 -0.169 -0.0701 -0.0731 odds_1<=0.6599
sentences_before<=0.681 -0.0514 -0.079 alike_share<=0.007213 -0.071 page_size<=15.84 copies<=3.5
to_consent<=5.5 -0.0691 figures<=0.5774 lines<=4.5 0.035 -0.0656 -0.0701 -0.0689 -0.0713
odds_alike<=0.5026 odds+1<=0.5501 kind<=5.5 depth_in_most<=20.5 -0.0904 -0.000816 0.00206 -0.000683
odds_3<=0.4644 odds+1<=0.1529 -0.0363 0.00644 from_last<=1e-35 page_long<=7.064 to_meta<=1e-35 0.000649
under_related<=0.1833 copies<=3.5 0.0979 0.00193 -0.000489 -0.00237 -0.000877 odds_0<=0.3831
odds_0<=0.3111 to_toc<=1e-35 0.000406 to_quote<=8 0.000218 -0.0899 -0.00219 odds_0<=0.7203
odds_alike<=0.5026 -0.00859 odds_page<=0.3243 -0.00146 0.0226 page_size<=15.84 under_related<=0.1833
linked<=0.6485 to_consent<=5.5 0.00129 0.0939 0.000731 0.000643 -0.00217 odds<=0.4575 odds<=0.3106 -0.0863
-0.00344 odds<=0.7868 in_half<=1e-35 -0.00886 home<=11.5 row_share<=0.9878 to_consent<=8.5 -0.00148 0.032
-0.000994 -0.00418 to_related<=4.5 -0.000605 lines<=4.5 row_share<=0.9978 to_consent<=6.5 0.000788 0.0927
0.00287 -0.00256 odds<=0.4575 odds<=0.2736 words<=88.5 to_toc<=1e-35 0.000283 -0.0834 0.00126 -0.00742
odds<=0.6361 in_half<=1e-35 -0.0114 0.0135 row_share<=0.9978 lines<=4.5 under_related<=0.4881
says_consent<=0.0241 kind<=4.5 0.0857 0.000459 -0.000678 -0.00128 0.000347 0.00125 sentences_1<=1e-35
odds-1<=0.2447 alike_text<=0.8296 -0.079 0.0025 alike_text<=0.06117 -0.0136 alike_text<=0.6433 0.0202
-0.00712 alike<=2.453 around<=0.8842 -0.017 0.00879 page_sentences<=15.38 kind<=4.5 from_last<=6.5
row_share<=0.9978 0.0815 0.00264 -0.0014 -0.000172 -0.00103 odds_1<=0.3688 odds_1<=0.3026 -0.0754 -0.00186
in_half<=1e-35 to_card<=1.5 -0.0121 0.00599 row_share<=0.9978 page_size<=15.51 kind<=4.5 to_consent<=8.5
0.00308 unlinked_0<=0.7635 0.00962 alike_share<=0.006141 -0.000904 says_author<=0.06742 0.0806 0.000917
0.00182 -0.000951 -0.000891 odds<=0.4575 odds<=0.3106 words<=95.5 to_quote<=8 0.00138 -0.0737 0.00146
-0.00338 odds<=0.7868 under_comments<=0.1833 home<=11.5 0.0217 -0.00377 -0.00815 home<=1e-35 0.000578
row_count<=7.413 to_consent<=6.5 0.000168 blocks_3<=9.359 0.0775 5.51e-05 0.000404 odds_1<=0.3026
words<=88.5 -0.0703 0.000622 odds_alike<=0.5026 row_share<=0.5724 home<=8.5 0.0138 -0.0055 -0.0167
alike<=2.453 0.00655 page_sentences<=15.38 to_consent<=6.5 -0.0013 kind<=4.5 blocks_2<=8.916
figures<=0.5049 0.074 0.000451 -0.000928 0.00109 -0.00139 odds_0<=0.4621 odds_0<=0.2364 to_quote<=8
0.000485 depth_in_most<=20.5 -0.0708 -0.000441 -0.00932 odds_0<=0.866 in_half<=1e-35 -0.00637
row_share<=0.9878 figures<=0.3288 0.0291 -0.00204 -0.00526 page_most<=8.486 row_count<=7.242
unlinked_0<=0.5561 0.000542 0.0734 0.00216 0.00282 odds<=0.4575 odds<=0.2382 to_quote<=8 0.000772
page_most<=1.661 odds_1<=0.06606 -0.0132 0.00636 -0.0689 -0.00812 odds<=0.8336 alike_text<=0.7405
alike<=1.292 -0.00478 row_share<=0.9878 0.0247 -0.00151 -0.00941 lines<=4.5 page_size<=15.84 0.0701
-0.000809 -0.00222 odds<=0.3802 odds<=0.2382 depth_in_most<=17.5 page_most<=1.661 -0.00605 to_toc<=1e-35
0.000458 -0.0674 -0.000303 -0.00926 odds<=0.8667 to_card<=1.5 row_count<=4.357 -0.0154 0.00862
says_author<=0.03727 0.0238 -0.00283 to_meta<=1e-35 0.00018 page_size<=15.84 0.0684 -0.000388
odds_0<=0.5428 odds_0<=0.2364 to_quote<=8 0.000778 -0.0635 -0.00817 to_related<=4.5 -0.0053
page_thread<=1e-35 odds_0<=0.6403 0.00306 to_quote<=1e-35 -0.00167 copies<=3.5 kind<=4.5 to_card<=1e-35
0.00121 0.0677 0.00211 2.03e-05 page_long<=4.044 0.0183 -0.00759 odds<=0.3802 odds+2<=0.2473
to_article<=7.5 -0.0136 depth_in_most<=17.5 -0.0663 0.000306 -0.00745 odds<=0.8336 to_nav<=11.5 -0.0105
to_related<=4.5 -0.00636 dated<=1e-35 0.0221 -0.00504 lines<=4.5 to_related<=4.5 -0.000982 to_meta<=1e-35
7.6e-05 0.0648 -0.00346 odds<=0.3802 odds+1<=0.2814 -0.0591 -0.00566 odds<=0.7189 sentences_before<=0.5778
alike_text<=0.04595 -0.00317 0.0194 -0.00782 sentences_2<=0.06161 to_consent<=8.5 -0.00811 0.0154
page_sentences<=15.38 kind<=4.5 row_share<=0.9978 under_related<=0.2111 0.0651 -0.000252 0.000547 -0.00105
-0.00131 odds_0<=0.3831 odds_0<=0.2364 page_most<=1.661 -0.00365 words<=88.5 -0.0597 0.00149 -0.00628
odds_0<=0.866 odds_alike<=0.5026 page_most<=5.794 0.00617 -0.0122 alike<=2.453 -0.00565 0.0222
to_related<=4.5 -0.000426 page_most<=8.486 says_author<=0.05608 0.0621 -0.000519 0.000479 odds_1<=0.3688
odds_1<=0.1971 -0.0579 -0.0092 odds_alike<=0.6279 page_thread_url<=1e-35 home<=8.5 0.0164 -0.00901 -0.0154
to_consent<=8.5 -0.00183 page_size<=15.44 lines<=4.5 odds_3<=0.4644 0.000798 unlinked_1<=0.5872 -0.00128
alike<=1.292 0.000148 0.0591 -0.00093 -0.000742 odds<=0.4575 odds<=0.1702 page_unlinked<=0.2584 -0.00209
to_toc<=1e-35 0.00105 -0.0584 -0.0127 odds<=0.7868 in_half<=1e-35 -0.00836 alike_text<=0.04172 -0.0032
0.0197 to_related<=4.5 -0.00357 page_thread<=1e-35 lower<=1e-35 0.0593 -0.00049 page_size<=14.07 0.0165
-0.0117 odds<=0.4575 odds<=0.1702 page_unlinked<=0.2584 -0.0027 -0.0566 -0.0102 sentences_2<=0.08956
page_size<=14.07 0.025 page_sentences<=13.59 page_blocks<=8.384 -0.028 0.00304 0.0104
under_related<=0.1548 page_sentences<=15.38 odds<=0.6361 0.000599 odds_3<=0.4644 0.00124 0.0594 -0.00142
-0.00382 odds<=0.6361 odds<=0.1702 page_unlinked<=0.2016 -0.000475 to_toc<=1e-35 0.00106 -0.0556
page_unlinked<=0.8965 page_long<=1e-35 0.00511 -0.0175 0.00558 to_related<=4.5 -0.00319 row_share<=0.9978
to_meta<=1e-35 -0.00213 lines<=5.5 to_quote<=1e-35 -0.00106 0.0538 -0.00114 -0.00257 odds_2<=0.5016
odds_2<=0.1996 odds_page<=0.1001 odds+1<=0.03371 -0.00964 0.00828 -0.053 page_blocks<=8.264 0.00517
-0.0148 alike_share<=0.2764 odds+1<=0.7281 alike<=4.285 -0.0172 0.00345 0.0227 page_sentences<=15.38
to_comment<=2.5 -0.00252 row_size<=12.48 0.0553 0.000752 -0.00127 odds<=0.3802 to_article<=7.5
odds_page<=0.3698 0.00945 -0.0178 page_listing<=1e-35 -0.0533 0.000719 odds<=0.8336
sentences_before<=0.5778 alike_text<=0.1031 -0.0011 0.0213 -0.00527 page_thread<=1e-35 lines<=3.5
to_related<=5.5 -0.000742 0.0556 -0.00338 page_size<=14.07 0.0129 -0.012 odds_1<=0.3688 odds+3<=0.2485
depth_in_most<=17.5 odds_page<=0.1001 -0.00119 -0.0516 0.00217 -0.00391 odds_alike<=0.5026 -0.00695
alike_share<=0.2934 page_thread_url<=1e-35 odds_page<=0.423 -0.00845 0.0259 -0.0105 page_sentences<=15.38
lines<=4.5 to_consent<=6.5 -0.00113 0.0539 -0.00117 -0.00234 odds<=0.5393 odds_1<=0.07302 -0.0529
odds_page<=0.1363 0.00988 from_heading<=1.5 0.0016 depth<=17.5 page_unlinked<=0.9113 -0.03 0.00239 0.00272
row_share<=0.9903 sentences_2<=0.04511 alike_unlinked<=0.9997 0.0139 -0.00719 unlinked_1<=0.7001 -0.00194
blocks_2<=8.916 0.0506 -0.00174 -0.00134 odds<=0.3802 to_article<=7.5 page_most<=3.391 0.0128 -0.0151
odds+1<=0.2814 page_listing<=1e-35 -0.0513 0.00136 -0.000375 odds<=0.8667 page_thread_url<=1e-35
alike<=2.696 -0.00193 0.02 -0.00755 sentences_3<=0.08834 0.00131 lines<=3.5 blocks_2<=8.916 0.0512
-0.00167 -0.00239 odds<=0.3106 to_article<=7.5 -0.00552 depth_in_most<=17.5 words<=88.5 -0.05 0.00277
0.002 depth_in_most<=3.5 page_sentences<=15.38 alike_text<=0.008296 -0.00125 0.0493 -0.00241
page_thread_url<=1e-35 home<=8.5 row_share<=0.9978 0.0275 -0.00468 -0.00908 row_up<=7.5 -0.0193 0.0136
odds<=0.5393 odds<=0.1702 odds_page<=0.1001 0.000282 -0.0474 page_unlinked<=0.9113 depth<=17.5 -0.0153
0.00562 0.00575 page_thread<=1e-35 page_size<=15.44 copies<=1.5 in_half<=1e-35 -0.000919 kind<=4.5 0.0485
0.000202 0.000875 -0.00193 page_size<=14.07 0.0122 -0.0144 odds+1<=0.3189 alike_share<=0.2934
odds_page<=0.1001 0.00223 row_share<=0.3232 -0.0481 -0.00753 page_blocks<=8.29 0.012 -0.00915
page_thread_url<=1e-35 to_related<=4.5 -0.00838 odds_alike<=0.4389 -0.000253 kind<=4.5
sentences_before<=0.9995 0.0491 -0.00184 -0.00253 page_long<=4.781 0.0138 -0.0206 odds<=0.3106
odds+2<=0.07723 -0.0472 odds_page<=0.1363 0.00909 -0.0161 odds<=0.8667 page_long<=4.781 alike<=2.696
-0.00584 odds_page<=0.6745 0.0226 -0.00177 page_blocks<=8.57 -0.0158 0.00626 sentences_2<=0.08956
alike<=4.129 -0.00823 0.00901 page_long<=6.82 0.0486 -0.000824 odds_0<=0.3831 odds_2<=0.07768 -0.047
odds_page<=0.1363 0.00974 -0.0154 sentences_3<=0.4614 page_size<=14.07 words<=4.5 -0.00752 0.0214
page_blocks<=8.57 odds_page<=0.7417 -0.026 0.00432 0.0109 position<=0.8661 page_sentences<=15.38
figures<=0.4317 0.0463 -0.00184 -0.00176 -0.00361 odds_0<=0.5428 odds_0<=0.07414 to_toc<=5.5 0.00104
-0.0468 to_link<=4.5 0.007 page_unlinked<=0.9113 depth_in_most<=17.5 -0.0184 0.00459 0.0045 closed<=1e-35
home<=1.5 -0.0129 0.0109 to_related<=4.5 -0.00442 copies<=1.5 page_thread<=1e-35 0.0469 0.0013 -0.00179
odds_1<=0.3026 to_article<=7.5 -0.00146 depth_in_most<=17.5 to_toc<=6.5 -0.000293 -0.046 0.00369
odds+1<=0.7281 page_long<=4.781 alike_text<=0.1469 -0.0102 0.0254 page_sentences<=13.61 -0.0244 0.00595
to_related<=4.5 -0.00362 says_author<=0.0482 lines<=3.5 0.042 -0.00133 -0.00232 odds<=0.6361
odds_1<=0.07302 -0.0446 page_most_unlinked<=0.527 page_long<=5.629 to_article<=7.5 0.0189 -0.00429
-0.00559 page_long<=1e-35 0.00372 around<=0.9999 row_size<=10.17 -0.022 0.000555 0.00346 position<=0.753
home<=11.5 page_most_unlinked<=0.9908 0.0403 0.000442 -0.00318 -0.0039 odds<=0.3106 to_article<=7.5
page_most_unlinked<=0.6036 0.0115 -0.0105 depth_in_most<=17.5 -0.0421 0.00334 depth_in_most<=3.5
row_count<=7.242 alike_unlinked<=0.9144 0.000656 page_blocks<=9.443 0.0431 -0.000787 -0.00203
sentences_before<=0.6195 to_section<=7.5 -0.00696 0.0211 from_heading<=1.5 0.00466 -0.0174 odds<=0.4575
odds+2<=0.07723 page_sentences<=7.679 0.000697 -0.0428 page_most<=3.391 0.0104 -0.0117 sentences_3<=0.4614
depth<=13.5 sentences_before<=0.2318 0.00846 page_blocks<=8.57 -0.0231 0.00647 0.0163 position<=0.8661
page_sentences<=15.38 from_first<=-1e-35 -0.00199 0.0415 -0.00173 -0.0038 odds+1<=0.3189 odds_2<=0.07094
to_toc<=5.5 0.0014 -0.0426 odds_page<=0.1363 0.0104 odds_alike<=0.6279 -0.0164 0.00395 odds_alike<=0.5026
-0.0049 lines<=1e-35 page_size<=15.44 alike_text<=0.2761 kind<=1e-35 -0.00632 0.0168 odds_3<=0.4644
-0.00131 0.0435 -0.00289 -0.00381 odds<=0.8336 odds_0<=0.07414 -0.0406 sentences_before<=0.5778 words<=6.5
page_long<=3.085 -0.0163 0.00457 0.0167 page_unlinked<=0.5005 0.012 -0.0207 page_thread<=1e-35 lines<=1.5
page_size<=15.44 linked<=0.2005 0.0417 -0.0009 -0.000727 -0.00196 page_size<=14.07 0.00907 -0.0134
odds_3<=0.5312 to_article<=6.5 odds_page<=0.3558 0.0129 -0.0107 odds_around<=0.7584 page_sentences<=7.679
page_unlinked<=0.6683 -0.011 0.0105 -0.0397 0.00253 alike_text<=0.2761 page_thread_url<=1e-35 alike<=2.453
-0.00782 0.0185 -0.0142 page_sentences<=14.81 row_size<=12.48 0.0408 -0.00156 -2.84e-05 odds<=0.8336
to_article<=6.5 alike_text<=0.03776 -0.0102 page_long<=5.022 0.0212 -0.00884 odds+3<=0.2814
depth_in_most<=17.5 -0.0377 0.00231 -0.00351 sentences_3<=0.08834 -0.00243 page_most_unlinked<=0.527
-0.00267 lines<=4.5 to_consent<=6.5 -0.00233 page_size<=15.44 0.0424 -0.000114 -0.00287 odds_2<=0.2356
to_article<=7.5 alike_text<=0.02724 -0.00833 0.00945 words<=95.5 -0.0376 0.0024 alike_text<=0.1469
sibling_at+1<=1e-35 -0.0107 unlinked_3<=0.8857 -0.00471 0.0136 from_heading<=27.5 position<=0.753
lines<=3.5 0.0391 -0.00245 -0.00206 page_long<=4.209 0.0132 -0.0134 odds_0<=0.2727 to_article<=7.5
odds_page<=0.3698 0.00928 -0.00929 row_share<=0.7422 -0.0378 7.05e-05 odds_0<=0.866
sentences_before<=0.6012 capitals<=1e-35 -0.00447 0.0152 page_most<=7.155 -0.0153 0.00308 position<=0.7208
linked<=0.2005 page_most<=8.486 0.0381 -0.00171 -0.00203 -0.0011 odds+1<=0.6478 odds-1<=0.07723
page_unlinked<=0.2584 0.0014 -0.0366 to_card<=6.5 to_hidden<=5.5 0.0084 page_blocks<=9.155 blocks_3<=7.134
-0.0234 0.00339 0.00728 depth<=7.5 -0.00792 0.0144 page_most_unlinked<=0.9908 linked<=0.2005 kind<=4.5
0.0337 -0.00304 -0.00269 -0.00364 odds_0<=0.1702 to_article<=7.5 0.000762 -0.0346 closed<=1e-35
from_heading<=1e-35 0.00659 depth<=17.5 page_blocks<=7.919 -0.0214 0.00162 0.00519 from_heading<=20.5
to_related<=4.5 -0.00247 to_consent<=5.5 -0.00306 copies<=3.5 0.0359 -0.00284 alike<=5.82 0.00811 -0.0128
odds<=0.8667 odds<=0.06802 to_toc<=5.5 0.00207 -0.0369 odds_before<=0.3557 alike_text<=0.04172 -0.00548
0.0148 to_hidden<=5.5 0.00669 size_at-2<=2.696 0.00529 to_link<=4.5 0.00499 -0.0213 page_thread<=1e-35
odds_3<=0.4644 -0.00369 page_size<=15.44 0.0368 -0.00131 -0.00293 odds_0<=0.1702 page_most<=1.661 0.00298
to_toc<=5.5 0.00347 -0.0331 closed<=1e-35 page_blocks<=7.738 -0.0135 page_thread_url<=1e-35 0.01 -0.00695
to_comment<=1.5 -0.00977 alike_text<=0.1469 0.00175 page_long<=6.82 stated<=-1e-35 under_related<=0.1548
0.0392 -0.00179 -0.000976 -0.00306 chrome<=1e-35 alike<=3.522 odds_1<=0.8869 page_most<=7.155
alike_share<=0.3526 -0.0181 0.0043 0.0036 0.00942 row_share<=0.9903 odds_alike<=0.06537 -0.00418 kind<=4.5
0.0316 -0.00349 -0.00485 page_sentences<=7.679 around<=0.6104 -0.0136 0.0151 to_toc<=4.5 0.00234 -0.0342
odds+1<=0.7281 odds_3<=0.07416 -0.0336 alike<=3.522 to_hidden<=5.5 0.0103 -0.0207 page_size<=14.58
to_hidden<=10.5 -0.00407 home<=9.5 0.0214 -0.00396 -0.00865 sentences_3<=0.1267 -0.0028 lines<=1.5
linked<=0.2502 page_sentences<=15.38 0.0366 -0.00256 -0.00331 -0.00466 odds_0<=0.866 odds_1<=0.07302
-0.0341 page_blocks<=8.699 depth<=15.5 from_heading<=3.5 alike_text<=0.09069 -0.00817 0.0118
page_unlinked<=0.8965 -0.0221 0.00294 0.00636 page_most_unlinked<=0.2802 -0.00382 0.0143 closed<=1e-35
-0.00803 page_thread<=1e-35 alike<=7.238 0.0356 -0.000446 -0.00286 odds_alike<=0.6279
page_most_unlinked<=0.5006 odds_around<=0.08891 -0.00978 row_count<=5.658 0.0178 -0.00421 odds-1<=0.2796
-0.0302 -0.00464 alike_share<=0.2934 page_most<=6.651 odds-1<=0.8918 row_size<=10.17 -0.0222 0.00267
0.00427 0.00979 sentences_before<=0.8868 page_most_unlinked<=0.9908 0.0336 -0.00165 -0.00253 odds<=0.2736
odds_page<=0.1363 0.00414 odds+3<=0.2814 words<=85.5 -0.0305 0.00328 0.00136 from_title<=83.5
alike_text<=0.06689 0.00028 stated<=-1e-35 0.03 -0.00174 page_article<=1e-35 depth<=18.5
sentences_2<=0.9989 -0.023 0.00326 0.0049 odds_page<=0.4144 -0.00519 0.0151 closed<=1e-35 to_article<=7.5
-0.00206 odds+1<=0.9096 -0.0298 0.00352 odds_2<=0.1079 -0.00967 page_size<=15.51 page_thread_url<=1e-35
again<=1e-35 page_stated<=1e-35 under_related<=0.1144 position<=0.8661 0.0358 -0.000594 -0.00265 -0.00325
-0.00494 page_size<=14.07 0.0134 -0.0126 -0.00503 odds_1<=0.07302 -0.0306 page_thread_url<=1e-35
alike<=2.696 size<=7.922 unlinked_2<=0.9736 -0.0192 0.00356 0.00936 page_size<=15.18 lines<=1e-35
odds_before<=0.9387 says_author<=0.05334 page_stated<=1e-35 0.0392 -0.00217 -0.00272 -0.00126 -0.00476
-0.00418 to_post<=5.5 0.00771 -0.024 odds+1<=0.7281 to_article<=6.5 page_long<=5.022 alike_share<=0.1598
-0.00127 0.0195 -0.00672 page_sentences<=7.679 page_most<=6.852 0.0113 -0.0084 page_most<=7.558 -0.0328
-6.7e-05 page_sentences<=14.87 unlinked_0<=0.7814 -0.00255 from_heading<=32.5 page_most_unlinked<=0.527
-0.00211 0.03 -0.000854 -0.00443 chrome<=1e-35 alike_text<=0.2761 kind<=1e-35 -0.0159 home<=9.5
odds_around<=0.07826 -0.00419 to_consent<=8.5 -0.00396 0.0213 -0.00979 closed<=1e-35 -0.00375
page_sentences<=15.38 0.0294 -0.00338 page_sentences<=7.679 size<=5.476 -0.00918 0.011 to_toc<=4.5 0.003
-0.0301 odds_1<=0.07302 -0.0294 alike<=3.246 unlinked_2<=0.9736 page_size<=13.96 odds_1<=0.8448 -0.0211
0.00294 0.00363 row_count<=3.522 0.0105 -0.00635 sentences_before<=0.681 size<=4.357 -0.00151
page_thread<=1e-35 dated<=1e-35 0.0339 -0.00161 0.000353 page_size<=14.07 0.0092 -0.0125 odds+2<=0.07067
to_article<=1.5 0.00319 -0.0279 sentences_3<=0.4614 depth<=15.5 odds_before<=0.2854 0.00779
odds_page<=0.1363 0.00549 odds_page<=0.767 after<=25.05 -0.0268 0.00116 0.00254 0.0131 depth<=6.5 -0.00249
blocks_1<=1.292 -0.00291 alike<=2.161 -0.000491 0.0316 chrome<=1e-35 odds_0<=0.923
page_most_unlinked<=0.886 page_unlinked<=0.5005 0.00722 sentences_2<=0.9242 row_count<=4.209 -0.0202
0.0037 0.00394 page_most_unlinked<=0.9881 0.0151 to_body<=9.5 -0.0128 0.00617 sentences_2<=0.08956
-0.00509 odds_3<=0.6183 -0.00427 0.029 page_most_unlinked<=0.5006 0.00171 -0.0278 chrome<=1e-35
alike<=3.522 page_long<=3.246 unlinked_3<=0.6568 -0.00725 0.0115 page_most_unlinked<=0.953 -0.0162 0.00422
row_share<=0.9878 lines<=1.5 to_consent<=6.5 -0.00335 odds_alike<=0.06537 -0.00313 under_related<=0.09545
0.0295 -0.0027 -0.00426 -0.00425 size<=8.428 -0.0258 0.00339 odds<=0.9084 odds<=0.06802 -0.027
page_long<=4.781 page_size<=13.26 unlinked_2<=0.9736 alike_text<=0.4955 depth<=18.5 -0.0235 0.00272
0.00624 0.00989 depth<=7.5 -0.00325 0.0202 alike_unlinked<=0.9827 0.00317 -0.0187 sentences_3<=0.1636
-0.00553 depth<=5.5 -0.00216 0.0286 odds_1<=0.06606 -0.0266 sentences_before<=0.6012 words<=3.5 -0.00648
depth<=5.5 -0.00461 dated<=1e-35 page_most<=8.486 says_consent<=1e-35 from_title<=1e-35 -0.00219 0.0327
-0.00276 -0.00149 -0.0033 odds_around<=0.9122 page_most<=4.044 0.00953 page_most<=7.455 -0.0224 0.00215
0.00939 closed<=1e-35 odds_page<=0.1363 0.00437 row_share<=0.8975 row_count<=5.022 -0.0243 0.000445
row_share<=0.9878 0.00769 -0.00756 sentences_before<=0.681 alike_text<=0.1954 size_at-1<=4.833 -0.00665
0.00627 0.0318 before<=8.997 page_long<=3.643 0.00325 -0.0179 unlinked_1<=0.8902 -0.00531 0.00919
odds_1<=0.06606 -0.0255 page_thread_url<=1e-35 from_heading<=7.5 alike_text<=0.04172 -0.00129 depth<=6.5
-0.00108 blocks_2<=1.292 -0.00222 0.0327 row_share<=0.8728 blocks_1<=4.781 odds_page<=0.1363 0.00672
-0.0185 0.0062 0.00882 to_post<=5.5 capitals<=0.2384 0.0131 -0.0055 -0.0223 odds-1<=0.07068 -0.0253
sibling_at+1<=1e-35 alike_share<=0.3526 to_li<=9.5 0.00345 to_hidden<=5.5 0.00455 -0.0191 alike<=5.82
0.0133 -0.00451 from_heading<=19.5 alike<=2.453 -0.0011 depth<=5.5 -0.00221 page_sentences<=15.38 0.0292
-0.00136 alike<=4.977 0.00634 -0.00998 odds_around<=0.08891 to_toc<=5.5 0.00241 -0.0271
sibling_at+1<=1e-35 alike_text<=0.3189 page_unlinked<=0.7867 page_size<=13.26 -0.00623 0.00866
to_li<=1e-35 0.00398 page_sentences<=7.679 0.00282 -0.0214 0.00913 sentences_before<=0.6195
page_unlinked<=0.3565 -0.00254 page_sentences<=14.87 0.0278 -0.00225 -0.000301 chrome<=1e-35 alike<=2.453
-0.0102 row_share<=0.9878 to_section<=5.5 -0.00265 odds_around<=0.07826 -0.00397 stated<=-1e-35 lines<=5.5
blocks_2<=8.916 0.027 -0.00257 -0.00268 -0.00297 -0.00639 to_toc<=4.5 0.00355 unlinked_2<=0.9621 -0.0267
to_card<=4.5 -0.00856 0.00808 odds_1<=0.07302 -0.0237 page_thread_url<=1e-35 depth<=6.5 -0.00608
under_comments<=0.225 words<=3.5 -0.0021 blocks_3<=1.792 -0.00325 page_thread<=1e-35 says_related<=0.04572
row_size<=11.58 0.0323 0.000267 -0.00181 -0.00364 -0.0065 page_size<=14.07 capitals<=0.2384 0.0122
-0.00606 -0.0235 sentences_2<=0.0997 page_sentences<=7.679 punctuation<=1e-35 page_most<=5.672 0.0066
-0.0125 0.0169 page_most<=7.155 depth<=15.5 page_long<=1e-35 0.00268 -0.0312 0.00127 from_heading<=14.5
0.00992 -0.00887 odds_0<=0.866 kind<=1e-35 -0.0119 0.005 depth<=5.5 -0.00304 0.0259 closed<=1e-35
from_heading<=1e-35 0.00637 odds_page<=0.1363 0.00359 depth<=17.5 -0.0247 0.00183 text_before<=0.5925
says_mail<=1e-35 copies<=3.5 from_last<=33.5 0.0275 -0.00252 -0.00281 -0.00197 depth<=13.5 odds_2<=0.9421
unlinked_3<=1e-35 0.00333 -0.0152 0.00451 0.00802 odds_1<=0.06606 -0.0232 alike<=2.696 to_hidden<=6.5
0.00556 -0.0135 page_long<=4.781 stated<=-1e-35 to_foot<=10.5 -0.00374 says_comment<=0.06857
blocks_3<=9.359 0.0287 -0.00237 -0.00299 -0.00452 depth_in_most<=3.5 page_most_unlinked<=0.9801 0.0166
-0.00567 page_sentences<=13.61 -0.0224 0.00202 closed<=1e-35 chrome<=1e-35 page_blocks<=7.919 depth<=15.5
-0.0169 0.00439 0.0103 -0.0219 alike_unlinked<=0.9928 alike_text<=0.1031 -0.004 page_size<=15.51
page_thread<=1e-35 0.0292 -0.00108 -0.00359 sentences_3<=0.8116 depth<=15.5 page_sentences<=7.679 0.00329
-0.0231 0.0083 0.0104 odds_around<=0.07008 -0.0234 page_thread_url<=1e-35 odds_before<=0.9387
page_size<=14.92 stated<=-1e-35 page_size<=12.79 row_size<=7.179 -0.00786 0.0103 under_related<=0.02671
home<=8.5 blocks_3<=8.914 0.0337 -0.00253 8.46e-05 -0.00331 -0.0052 -0.00383 -0.00608 page_size<=14.07
0.00648 -0.024 closed<=1e-35 depth<=16.5 row_count<=5.022 to_toc<=6.5 0.00366 page_most<=1.661 0.00247
-0.0232 0.00219 0.00174 sentences_before<=0.6195 to_consent<=10.5 -0.00405 from_title<=-3.5 -0.00227
0.0238 page_unlinked<=0.5005 0.00713 odds_1<=0.9338 to_caption<=9.5 0.00256 -0.0179 0.00587
odds_1<=0.07302 -0.0211 depth_in_most<=3.5 depth<=6.5 -0.00503 from_last<=2.5 0.0252 -0.00348
page_long<=4.781 alike<=2.696 -0.00739 to_side<=6.5 -0.00596 odds_page<=0.6791 to_nav<=5.5 -0.00283 0.0242
-0.0029 odds_page<=0.7417 page_unlinked<=0.8372 0.00181 -0.0273 0.00571 odds_around<=0.08891 to_toc<=5.5
0.00198 -0.0236 odds_before<=0.3557 words<=3.5 -0.00241 to_meta<=1e-35 -0.00299 0.0211 depth<=15.5
odds_around<=0.9331 page_most<=4.044 0.00436 page_most<=8.66 to_hidden<=3.5 0.00178 odds_alike<=0.9581
-0.0216 0.00203 0.00306 0.0098 0.0107 closed<=1e-35 from_heading<=1e-35 0.006 unlinked_1<=0.9998
odds_page<=0.1001 0.00346 -0.023 blocks_1<=1.792 -0.00691 0.00762 from_title<=55.5 odds<=0.1702 -0.0035
0.0225 depth<=13.5 odds_around<=0.9331 unlinked_1<=0.8306 0.00356 to_caption<=9.5 0.00254 -0.0205 0.00751
0.00868 closed<=1e-35 from_heading<=1e-35 0.00495 depth<=17.5 odds_page<=0.1001 0.00468 page_most<=7.29
-0.0273 -0.00161 0.00298 from_heading<=14.5 alike_text<=0.2761 page_blocks<=7.919 odds+2<=0.73 -0.0118
0.00333 0.00857 0.0238 page_long<=3.857 0.00895 depth<=15.5 -0.0195 0.00171 odds_around<=0.08891 -0.02
page_thread_url<=1e-35 alike<=2.696 size<=7.006 -0.0113 0.0056 to_article<=2.5 odds_before<=0.2477 0.00617
-0.00991 page_thread<=1e-35 home<=9.5 row_share<=0.9978 to_foot<=10.5 -0.00107 0.0319 -0.0022 -0.00318
-0.0045 to_article<=5.5 0.00856 -0.0179 alike_text<=0.2761 odds+2<=0.06178 to_toc<=5.5 0.00267 -0.0218
sibling_at+1<=1e-35 odds+1<=0.1364 0.00467 page_article<=1e-35 -0.018 0.00103 0.00899 from_heading<=17.5
closed<=1e-35 -0.00415 page_sentences<=15.38 lower<=1e-35 0.0259 -0.00207 -0.00154 page_most<=7.093
0.00706 -0.0145 odds+2<=0.06178 -0.0187 sentences_3<=0.8852 page_most_unlinked<=0.527 0.0118
row_share<=0.8975 page_most<=7.29 to_body<=9.5 odds_page<=0.7102 from_first<=4.5 0.000666 -0.0268 0.00262
0.00387 0.0032 row_share<=0.9978 0.0124 -0.00974 to_related<=8.5 -0.00395 linked<=0.08702 0.0207 -0.00221
odds_around<=0.08891 to_toc<=5.5 0.00314 -0.0217 alike<=2.453 -0.0097 page_thread_url<=1e-35
to_article<=2.5 sentences_before<=0.2498 0.00758 alike<=4.426 0.00392 -0.0146 page_stated<=1e-35
blocks_3<=1.792 -0.00201 to_quote<=1e-35 -0.00307 0.0286 -0.00538 page_size<=14.07 0.00773 -0.0157
odds+1<=0.05683 -0.0191 page_long<=4.781 depth<=7.5 unlinked_2<=0.9433 -0.0139 0.00528 to_foot<=11.5
-0.00567 page_stated<=1e-35 says_comment<=0.063 0.0221 -0.00356 -0.00599 blocks_2<=4.554 odds_page<=0.7417
depth<=15.5 -0.0261 0.00138 0.0048 page_sentences<=14.87 0.0142 -0.00492 closed<=1e-35 to_head<=1e-35
0.00425 unlinked_1<=0.9666 -0.0193 -0.00146 from_title<=55.5 odds_2<=0.1418 -0.003 stated<=-1e-35
to_foot<=10.5 -0.00177 0.0226 -0.00223 page_long<=3.391 0.00854 page_sentences<=13.59 depth_in_most<=8.5
-0.0196 0.00312 page_most_unlinked<=0.9908 0.00892 -0.00757 sentences_1<=0.1395 to_article<=6.5
under_comments<=0.1833 alike_text<=0.03025 -0.00509 odds_alike<=0.9284 0.0219 -0.00166 -0.00744
to_hidden<=5.5 0.00114 page_blocks<=6.16 0.00254 page_long<=5.476 row_up<=7.5 -0.0259 -0.000803 0.00143
to_related<=4.5 -0.00424 capitals<=0.1948 0.0191 -0.00138 from_heading<=5.5 alike_share<=0.325
page_blocks<=7.919 page_sentences<=9.859 0.00366 blocks_2<=4.882 -0.0166 0.00225 0.0098 0.0196
page_sentences<=7.679 to_nav<=11.5 -0.00598 0.0131 to_article<=1.5 0.00755 to_toc<=9.5 0.00301
sentences_3<=0.6929 odds_page<=0.7417 -0.0261 0.000747 -0.00169 closed<=1e-35 to_link<=4.5 0.00549
alike_unlinked<=0.9682 -0.0182 blocks_1<=1.792 -0.00814 0.00517 alike_unlinked<=0.9994 page_size<=15.51
capitals<=0.2232 odds-3<=0.05074 -0.00175 0.0254 -0.0023 -0.00542 page_long<=3.754 0.00786 blocks_2<=4.781
to_li<=1e-35 0.00289 -0.0192 0.00519 odds_1<=0.05976 -0.0176 sentences_before<=0.6195 closed<=1e-35
page_most_unlinked<=0.9881 page_most_unlinked<=0.8892 -0.00308 0.00863 -0.00747 alike_text<=0.1954
-0.000151 0.0233 page_unlinked<=0.5005 0.0124 to_li<=1.5 0.00404 blocks_1<=4.781 size_at-2<=2.453 0.00397
to_article<=1.5 0.00251 -0.0234 0.00346 words<=3.5 -0.0162 sentences_before<=0.3952 odds-3<=0.04027
-0.00427 says_author<=0.04041 to_meta<=1e-35 -0.00271 0.0235 -0.00258 from_heading<=6.5
page_thread_url<=1e-35 odds_before<=0.976 0.0141 -0.0036 -0.00539 page_long<=3.857 0.00325 to_li<=1e-35
0.00286 to_meta<=5.5 0.00174 -0.0244 closed<=1e-35 from_heading<=1e-35 0.00497 to_link<=4.5 0.00309
row_share<=0.8975 to_toc<=8.5 0.00156 -0.0221 row_share<=0.9878 0.00589 -0.00645 sentences_before<=0.5778
to_consent<=10.5 -0.00277 size<=5.108 -0.00178 0.022 from_heading<=5.5 0.00478 page_long<=3.754 0.00328
-0.0153 sentences_2<=0.5616 to_article<=4.5 page_most_unlinked<=0.9761 0.0138 -0.00586
page_sentences<=7.679 page_most<=6.852 0.0127 -0.00588 odds_page<=0.7417 to_toc<=8.5 0.00307
page_unlinked<=0.3369 0.00352 to_caption<=10.5 0.000871 page_most<=8.66 -0.0299 0.00134 0.00478 depth<=6.5
-0.00433 0.0169 odds_around<=0.07008 to_toc<=5.5 0.00291 -0.0193 odds_before<=0.4291 size<=4.357 -0.00226
to_consent<=5.5 -0.00349 depth<=5.5 -0.00241 to_comment<=2.5 -0.00215 0.0216 depth<=13.5
odds_around<=0.9331 unlinked_2<=0.0005407 0.00663 to_caption<=9.5 0.00243 -0.0204 0.00714 0.00733
odds+1<=0.7281 depth<=16.5 to_link<=10.5 0.00682 to_toc<=6.5 0.00506 page_unlinked<=0.9113
row_share<=0.8975 page_most<=8.71 -0.0238 0.00109 8.2e-05 0.00171 0.00478 depth<=5.5 -0.00442
sentences_3<=0.1267 -0.00276 to_related<=4.5 -0.00194 alike_text<=0.006571 -0.00164 0.0201
odds_around<=0.08891 -0.0167 alike<=2.453 page_most_unlinked<=0.5006 0.00451 to_quote<=8 0.0036 -0.0143
page_thread_url<=1e-35 to_article<=2.5 odds_before<=0.3899 0.00715 -0.0122 row_share<=0.9978
under_related<=0.09545 home<=9.5 0.0255 -0.00284 -0.00366 -0.00343 page_size<=14.07 0.00669 -0.0169
odds+2<=0.06178 to_toc<=5.5 0.00335 -0.0171 odds_before<=0.3557 alike<=1.292 -0.00432 0.0173
page_blocks<=7.919 page_most<=6.18 row_size<=7.179 -0.00803 0.0103 blocks_0<=1.292 odds_around<=0.9411
-0.022 0.00232 0.00391 chrome<=1e-35 row_size<=12.48 0.0159 -0.00525 -0.00882 odds_1<=0.06606 -0.0158
sentences_before<=0.3952 closed<=1e-35 page_size<=13.26 -0.00638 0.00523 0.0187 alike_unlinked<=0.9952
depth<=7.5 -0.0105 under_comments<=0.1833 blocks_3<=7.886 0.0171 -0.0025 -0.00452 page_size<=13.89
size_at+1<=4.044 -0.00705 0.0084 page_sentences<=13.59 -0.0225 0.00226 words<=3.5 home<=5.5 0.00143
-0.0172 page_size<=14.07 unlinked_2<=0.9433 row_share<=0.4933 unlinked_0<=0.04832 0.00272 -0.0138 0.00708
copies<=2.5 odds_before<=0.9169 0.0224 -0.00142 -0.00324 row_share<=0.6687 0.0103 odds_page<=0.7417
sentences_1<=0.1659 -0.0226 0.0026 0.00328 sentences_3<=0.8116 to_article<=4.5 page_size<=14.2 0.012
-0.00518 page_blocks<=8.699 row_up<=7.5 to_toc<=5.5 0.00305 row_count<=4.781 -0.0231 0.0029 0.00294
0.00394 odds_3<=0.5312 -0.00711 lines<=1e-35 page_size<=15.43 alike<=2.453 -0.00104 0.0215 -0.00357
-0.00662 odds_around<=0.08891 to_toc<=5.5 0.00335 -0.0176 sibling_at+1<=1e-35 page_long<=3.246 size<=5.108
-0.00477 0.0104 page_most_unlinked<=0.953 to_toc<=9.5 0.00324 to_article<=1.5 0.0031 -0.0179 0.00233
page_size<=14.58 under_related<=0.1056 says_author<=0.0482 0.0175 -0.00298 -0.0036 -0.00396
odds-1<=0.04304 -0.0149 page_long<=4.781 alike<=3.391 unlinked_1<=0.9666 -0.0122 0.00757 size<=4.426
-0.00171 page_stated<=1e-35 under_related<=0.09545 0.0235 -0.00352 -0.0043 alike_unlinked<=0.9928
from_title<=121.5 0.0117 -0.00467 to_li<=1e-35 0.0041 row_count<=5.931 -0.0214 0.00266
odds_around<=0.07008 -0.0163 row_share<=0.9878 page_blocks<=7.919 page_sentences<=13.47 unlinked_1<=0.9477
from_heading<=1e-35 0.00485 page_sentences<=13.03 -0.0141 0.00425 0.0141 page_sentences<=13.79 -0.017
0.00255 chrome<=1e-35 blocks_3<=8.79 0.0204 -0.00275 page_blocks<=8.264 0.00682 -0.00906 -0.00867
from_heading<=5.5 alike_text<=0.2761 page_size<=14.12 page_most_unlinked<=0.5006 0.0067 -0.0127 0.00869
0.0166 page_size<=13.86 row_size<=7.179 odds_page<=0.1001 0.00778 page_unlinked<=0.9262 -0.0194 0.0027
row_count<=1.792 -0.00209 0.0162 sentences_before<=0.2498 from_title<=4.5 -0.00441 0.00907 -0.0238
words<=3.5 page_most_unlinked<=0.527 0.00202 odds-3<=0.7281 -0.0176 0.0018 sentences_before<=0.3952
to_consent<=5.5 -0.00334 0.0152 from_heading<=6.5 alike_unlinked<=0.9997 alike_text<=0.1031 -0.00229
0.0153 -0.00395 to_article<=1.5 0.00546 page_long<=2.161 0.00389 after<=23.74 -0.0191 0.00203
from_heading<=8.5 alike_text<=0.2761 page_blocks<=7.919 from_title<=29.5 0.00295 -0.0155 row_size<=4.218
-0.00298 0.0116 0.0183 to_article<=1.5 0.00631 page_long<=2.161 page_unlinked<=0.6378 -0.00516 0.00837
before<=21.47 to_toc<=9.5 0.00314 alike_text<=0.8296 -0.0221 0.00185 0.00255 words<=3.5 odds-3<=0.7281
-0.0144 0.00231 sentences_before<=0.3952 from_title<=1e-35 -0.00497 to_meta<=1e-35 -0.00301 0.0181
page_unlinked<=0.8069 odds_before<=0.9387 0.0114 -0.00364 odds_around<=0.9331 to_li<=1e-35 0.00381
to_meta<=5.5 0.0013 to_author<=9.5 0.0019 -0.026 0.00514 closed<=1e-35 from_heading<=1e-35 0.00526
odds_page<=0.1363 0.0047 depth<=17.5 page_most<=7.29 -0.0205 page_most<=8.443 0.00599 -0.00694 0.00209
text_before<=0.4296 0.0148 from_heading<=6.5 words<=19.5 -0.00394 depth<=6.5 -0.00322 0.0122
page_size<=13.86 0.00363 -0.0143 alike_share<=0.2934 odds_page<=0.1363 0.00869 page_most<=6.651
odds+1<=0.9096 lower<=1e-35 page_unlinked<=0.4737 0.00204 -0.0214 0.00288 0.00373 odds_page<=0.2231
-0.00813 odds+3<=0.07069 -0.00483 0.00976 sentences_before<=0.7593 row_share<=0.9978 0.0197 -0.00328
page_unlinked<=0.6958 0.00488 -0.0116 odds-1<=0.04304 -0.0138 depth<=7.5 odds_before<=0.2477 0.00469
odds_0<=0.9669 -0.0165 0.00269 sibling_at+1<=1e-35 row_count<=3.522 alike_text<=0.06117 -0.0037
to_side<=11.5 -0.00335 0.0151 page_unlinked<=0.7867 0.00568 -0.0159 to_foot<=9.5 -0.00349
page_thread<=1e-35 0.0187 -0.00192 depth<=7.5 odds_around<=0.9122 -0.0153 0.0026 odds_3<=0.06394 -0.0108
page_long<=4.977 alike<=1.292 -0.0062 stated<=-1e-35 to_nav<=3.5 -0.00347 says_comment<=0.063
under_related<=0.08712 row_size<=11.26 0.0254 -0.00166 -0.00298 -0.00328 -0.00477 blocks_2<=4.426 -0.012
0.00783 alike_unlinked<=0.9144 to_link<=4.5 0.00501 -0.014 to_section<=10.5 to_post<=10.5 0.00718
page_unlinked<=0.8297 0.00161 -0.0189 alike<=6.276 alike_share<=0.01649 -0.00354 to_related<=4.5 -0.00372
page_stated<=1e-35 to_author<=1.5 -0.00209 odds+3<=0.036 -0.0013 0.0251 -0.00203 -0.00608 closed<=1e-35
to_head<=1e-35 0.00505 lower<=1e-35 odds_page<=0.1363 0.00341 blocks_2<=7.566 to_article<=1.5 0.00127
-0.0166 0.00124 0.00337 sentences_before<=0.5006 alike_text<=0.1954 -0.000871 0.0187 before<=17.23
page_long<=3.754 0.00389 odds<=0.967 -0.0127 0.00181 0.00455 closed<=1e-35 from_heading<=1e-35 0.00532
odds_page<=0.1363 0.00485 depth<=17.5 row_share<=0.8975 -0.0196 -0.000748 0.00298 sentences_before<=0.4561
to_consent<=10.5 -0.00206 0.0172 odds_2<=0.9421 to_hidden<=5.5 0.00614 depth<=13.5 to_caption<=9.5 0.00138
-0.018 0.00147 0.00668
"""
