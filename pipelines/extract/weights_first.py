"""Trees of the first round of pipelines.extract.choice; bench/train_choice.py wrote them."""

TREES = """
sentences_2<=0.006338 alike_share<=0.4262 kind_at+2<=3.5 -0.173 -0.0769 -0.0878 alike<=2.453 size<=7.922
-0.106 -0.0702 size<=4.357 -0.0772 page_size<=15.84 chrome<=1e-35 to_consent<=6.5 -0.0789 kind<=4.5
dated<=1e-35 0.0267 -0.0763 -0.0763 -0.0818 -0.0805 sentences_1<=1e-35 in_half<=1e-35 -0.093 words<=6.5
depth_in_most<=3.5 0.00276 -0.0442 0.00632 alike<=2.453 in_half<=1e-35 -0.0223 0.0109 in_most<=1e-35
-0.00291 lines<=5.5 page_size<=15.84 row_share<=0.9978 to_consent<=6.5 0.000722 0.0997 0.00318 -0.00143
-0.000948 sentences_2<=0.006338 to_article<=5.5 -0.0152 row_share<=0.9135 -0.0888 -0.0104 alike<=2.453
around<=0.9373 -0.0276 0.0063 copies<=3.5 dated<=1e-35 sentences_before<=0.9732 row_count<=7.413 kind<=4.5
says_consent<=0.0241 0.0922 -0.00106 0.0028 0.00107 0.000875 0.0011 -0.00348 sentences_2<=0.006338
kind_at-2<=3.5 depth_in_most<=16.5 alike_text<=0.8296 to_article<=5.5 -0.0184 sentences_2<=1e-35 -0.0849
0.000491 0.00273 -0.00104 0.000599 alike_text<=0.08826 kind<=1e-35 -0.0286 in_most<=1e-35 -0.0112 0.0332
to_related<=4.5 -0.00275 in_most<=1e-35 0.000242 0.0892 sentences_2<=0.006338 row_share<=0.9135 -0.0776
-0.00713 in_half<=1e-35 alike_share<=0.2758 -0.0336 0.0111 copies<=3.5 to_related<=4.5 -0.00276
figures<=0.5774 to_consent<=5.5 -0.00122 to_author<=1.5 0.000613 unlinked_1<=0.5838 0.00113 kind<=4.5
0.0866 0.0028 -0.00366 -0.00565 sentences_1<=1e-35 in_half<=1e-35 page_unlinked<=0.2017 0.00427
to_article<=4.5 -0.00993 -0.0833 size<=5.108 sentences_3<=0.4614 -0.0385 0.0014 0.00875 in_half<=1e-35
-0.0165 linked<=0.3161 page_size<=15.84 figures<=0.5774 to_author<=1.5 0.000989 0.0799 -0.00142 -0.00203
0.00086 sentences_3<=0.00766 alike_text<=0.8296 kind_at+1<=3.5 -0.0717 -0.00126 0.00342 in_half<=1e-35
alike_text<=0.2283 -0.0406 0.0107 alike_text<=0.05996 home<=8.5 0.0214 -0.0107 to_related<=4.5 -0.00247
lines<=10.5 to_meta<=1e-35 0.00134 to_quote<=1e-35 -0.000612 0.0799 7.06e-05 in_half<=1e-35
to_article<=6.5 -0.0118 -0.0759 size<=5.022 home<=4.5 0.0121 -0.0356 chrome<=1e-35 row_share<=0.9978
page_long<=6.82 to_author<=1.5 -0.000452 lines<=4.5 says_consent<=0.0241 says_author<=0.06351 0.0765
-0.000288 -0.00161 0.000385 -0.00101 -0.00206 -0.00469 sentences_3<=0.00766 to_article<=5.5
page_sentences<=11.44 0.00677 -0.0189 alike_share<=0.9403 -0.0703 0.00303 alike_share<=0.08727
in_most<=1e-35 -0.0377 sentences_3<=0.8852 -0.0092 alike_text<=0.00649 -0.0045 0.0262 to_related<=4.5
-0.00312 in_most<=1e-35 0.000741 under_related<=0.1833 0.0737 -0.000149 sentences_1<=1e-35 in_half<=1e-35
page_unlinked<=0.2589 0.00134 -0.0713 alike_share<=0.05892 -0.033 0.0156 alike<=2.453 size_at+1<=7.262
-0.0173 0.00884 in_most<=1e-35 -0.0026 to_consent<=6.5 -0.00123 row_count<=7.242 kind<=4.5
unlinked_0<=0.5561 0.00191 0.0716 0.000975 0.000916 sentences_1<=1e-35 to_article<=6.5 alike_text<=0.06536
-0.0258 alike_text<=0.6429 0.0194 -0.0095 alike_share<=0.9403 depth_in_most<=16.5 -0.0664 -0.000213
0.00449 in_most<=1e-35 -0.0192 alike_share<=0.01331 -0.001 unlinked_2<=0.6611 -0.00278
sentences_2<=0.04504 0.0111 lines<=4.5 0.07 -0.00168 sentences_1<=1e-35 alike_share<=0.08727 -0.0622
page_sentences<=7.679 0.0142 chrome<=1e-35 0.00823 -0.0306 in_most<=1e-35 -0.0189 page_thread<=1e-35
page_long<=1.292 0.000186 to_card<=1e-35 -0.00276 copies<=3.5 page_sentences<=15.38 0.0674 -0.00142
-0.0018 page_size<=14.07 0.0206 -0.0137 sentences_1<=1e-35 chrome<=1e-35 alike_text<=0.06536 -0.0283
in_most<=1e-35 -0.00822 0.0202 alike_text<=0.8296 depth_in_most<=14.5 -0.0654 -0.00328 0.00329
alike_text<=0.1374 around<=0.9373 -0.018 0.021 row_share<=0.9978 page_size<=15.44 to_consent<=8.5 0.00232
0.0677 0.00107 -0.00093 alike_share<=0.08727 after<=2.655 alike_text<=0.4433 -0.0623 0.00189 kind<=1e-35
-0.0191 0.0142 sentences_before<=0.9852 from_title<=-4.5 -0.00705 to_related<=4.5 -0.00215 to_consent<=5.5
-0.00283 under_comments<=0.8846 page_most<=8.486 says_author<=0.08514 0.0644 -0.00209 0.00211 -0.00012
-0.0247 sentences_1<=0.003918 in_half<=1e-35 page_unlinked<=0.2589 0.00318 to_toc<=4.5 -0.000819 -0.0632
alike_share<=0.05892 size<=5.476 -0.0302 0.00349 0.0144 in_half<=1e-35 alike_share<=0.3248 -0.0211 0.00778
row_share<=0.9903 closed<=1e-35 kind<=1e-35 -0.00629 0.0212 0.0628 0.000308 sentences_1<=1e-35
to_article<=7.5 alike_text<=0.05543 -0.0202 alike_text<=0.6429 0.0233 -0.0128 alike_text<=0.4433
before<=4.639 -0.0626 -0.00502 0.00315 alike<=2.696 alike_text<=0.1374 -0.0162 0.0117 sentences_2<=0.05448
0.00857 to_related<=4.5 -0.00236 kind<=4.5 0.0616 -0.000897 sentences_2<=0.04504 chrome<=1e-35
page_most_unlinked<=0.952 page_unlinked<=0.2589 0.00714 row_count<=4.357 -0.0312 0.00409 0.012 -0.0568
alike<=2.453 -0.0103 figures<=0.4317 chrome<=1e-35 row_count<=7.242 kind<=4.5 sentences_3<=0.08938 0.00568
0.0634 -0.000241 9.69e-05 -0.00277 -0.00201 sentences_2<=0.04504 alike_share<=0.2262 to_article<=7.5
-0.0121 -0.0562 kind<=2.5 0.0148 depth<=15.5 page_unlinked<=0.9083 -0.0224 0.00435 0.00826
alike_share<=0.04829 kind<=1e-35 -0.0214 0.0142 to_related<=4.5 -0.00512 closed<=1e-35 0.00791 kind<=5.5
0.0603 -0.00125 in_most<=1e-35 page_unlinked<=0.2017 0.00493 alike_share<=0.4262 -0.0591 -0.000214
chrome<=1e-35 size<=4.357 -0.00784 alike<=2.453 0.00106 page_thread<=1e-35 lines<=1.5 to_author<=1.5
-0.00178 page_size<=15.84 0.0607 -0.00192 -0.000439 page_size<=14.07 0.0175 -0.0152 -0.0283 in_half<=1e-35
to_article<=6.5 alike_share<=0.06481 -0.0127 0.0109 to_toc<=6.5 0.000634 -0.0591 closed<=1e-35
depth_in_most<=3.5 kind<=1e-35 -0.0048 0.0229 -0.0219 sentences_before<=0.9403 to_related<=4.5 -0.00306
to_consent<=8.5 -0.000671 to_card<=1e-35 -0.00161 0.0593 -0.00125 in_half<=1e-35 page_sentences<=7.679
0.00573 to_article<=4.5 -0.00438 words<=88.5 -0.0574 0.000908 closed<=1e-35 sentences_3<=0.4614
to_body<=11.5 page_unlinked<=0.9318 -0.0287 0.00375 0.00504 0.0173 page_size<=15.51 alike<=2.696 0.00458
to_meta<=1e-35 -0.0021 0.0563 -0.00614 sentences_2<=0.04504 in_half<=1e-35 to_article<=6.5 -0.00471
to_toc<=4.5 0.000835 -0.0574 alike_text<=0.1374 -0.0211 0.0133 alike<=2.453 around<=0.882 -0.0159 0.00601
lines<=3.5 figures<=0.4317 page_size<=15.51 unlinked_0<=0.4469 -0.000189 0.0555 -0.00155 -0.00294 -0.00381
in_half<=1e-35 page_sentences<=7.679 0.00667 alike_share<=0.4262 -0.0533 -0.000646 alike_share<=0.04829
from_heading<=1e-35 0.0133 size<=6.592 -0.0266 0.00432 page_thread<=1e-35 page_size<=15.44
says_author<=0.0482 to_related<=4.5 -0.00122 0.0538 -0.00162 -0.00491 page_size<=14.07 0.0125 -0.0144
in_half<=1e-35 page_sentences<=7.679 0.00783 to_article<=4.5 alike_share<=0.04829 -0.0113 0.00949
words<=88.5 -0.0536 0.00153 alike_share<=0.08727 size_at+1<=5.15 -0.0237 0.0143 from_heading<=49.5
to_related<=4.5 -0.00256 to_consent<=8.5 -0.00135 page_most_unlinked<=0.5 -0.0013 0.0524 0.00321
chrome<=1e-35 in_most<=1e-35 page_sentences<=7.679 0.00424 -0.0285 alike<=2.453 -0.00315
sentences_3<=0.08938 0.00788 lines<=2.5 page_most_unlinked<=0.527 -0.0023 page_sentences<=15.38
figures<=0.4317 to_consent<=6.5 -0.00164 0.0543 -0.000793 -0.00253 -0.00397 alike_share<=0.2934 -0.0521
-0.00428 sentences_1<=1e-35 to_article<=7.5 alike_text<=0.05543 -0.0157 alike_text<=0.6429 0.0197 -0.0113
alike_text<=0.4433 -0.048 0.00553 alike<=2.696 unlinked_2<=0.9458 -0.0172 0.00584 page_thread<=1e-35
to_related<=5.5 -0.00236 kind<=4.5 0.0491 -0.0011 page_sentences<=13.16 0.0127 -0.0138
sentences_2<=0.04504 to_article<=8.5 page_unlinked<=0.7801 0.00789 page_unlinked<=0.8944 -0.0171 0.00766
row_size<=12.11 words<=88.5 page_unlinked<=0.9377 -0.0475 -0.000524 0.0035 0.00225 alike<=2.453
words<=18.5 -0.0156 0.00724 page_thread<=1e-35 copies<=3.5 0.0475 -0.00149 0.00175 alike_share<=0.2934
chrome<=1e-35 home<=7.5 in_most<=1e-35 page_most<=1.661 0.00638 -0.0192 to_section<=7.5 -0.00324 0.0288
-0.0237 -0.048 to_comment<=1.5 -0.0127 unlinked_0<=0.7673 -0.00261 lines<=5.5 page_long<=6.82 to_foot<=4.5
-0.00166 0.0512 -0.00209 -0.00263 alike_share<=0.2934 sentences_2<=0.09907 page_unlinked<=0.2589 home<=4.5
0.0158 -0.0126 kind_at-2<=3.5 page_sentences<=14.76 depth<=21.5 -0.0433 -0.000259 0.00115 0.0023 home<=8.5
0.0208 -0.0174 sentences_before<=0.8867 home<=1e-35 -0.00217 to_comment<=2.5 -0.00196 0.0492 -0.00621
in_half<=1e-35 to_article<=6.5 alike_text<=0.0799 -0.0122 0.0119 -0.0463 alike_text<=0.1374
size_at+1<=4.977 -0.0213 unlinked_1<=0.8762 -0.00728 0.0217 to_nav<=4.5 -0.00544 sentences_before<=0.9732
page_long<=6.82 page_thread<=1e-35 home<=1e-35 -0.000959 0.0504 0.0033 -0.00246 -0.00522 in_half<=1e-35
page_sentences<=7.679 0.00798 to_article<=4.5 -0.00205 to_toc<=6.5 0.00124 -0.0482 depth_in_most<=3.5
to_related<=4.5 -0.00382 alike_share<=0.004796 -0.00213 lines<=1.5 0.0472 -0.000986 alike_share<=0.05892
home<=4.5 0.00291 -0.0227 sentences_before<=0.6812 0.0229 -0.00692 sentences_3<=0.04598
alike_share<=0.1953 page_unlinked<=0.2589 -0.000938 -0.0415 depth_in_most<=8.5 page_unlinked<=0.8969
-0.0196 0.00782 0.0141 alike<=2.453 unlinked_2<=0.9458 -0.0181 0.00488 page_thread<=1e-35 to_related<=5.5
-0.00425 size<=3.857 -0.00169 0.0432 alike_share<=0.5183 -0.00951 0.00983 in_half<=1e-35
page_sentences<=7.679 0.00906 after<=6.901 -0.0433 -0.00124 sentences_3<=0.4614 words<=8.5
page_long<=3.953 -0.0244 0.00247 from_heading<=10.5 0.02 page_sentences<=12.15 0.00996 -0.0162
position<=0.8699 linked_at+1<=0.9802 page_sentences<=15.38 0.0427 -0.00196 -0.00152 -0.00506
in_half<=1e-35 page_sentences<=7.679 0.00857 to_article<=4.5 -0.000545 to_toc<=6.5 0.00183 -0.0447
sentences_2<=0.09907 alike_text<=0.06955 -0.0169 page_size<=14.07 0.0215 page_sentences<=13.59 -0.0175
0.00802 linked<=0.2251 page_most_unlinked<=0.9907 unlinked_3<=0.6818 -0.00159 0.0436 -0.00101 -0.00365
chrome<=1e-35 in_most<=1e-35 page_unlinked<=0.2017 0.00518 -0.0228 from_title<=82.5 size<=4.285 -0.00234
says_author<=0.05971 kind_at-2<=5.5 0.0412 -0.00167 -0.00132 page_article<=1e-35 alike_share<=0.3844
-0.0159 0.00301 0.0216 unlinked_2<=0.9744 -0.0434 to_article<=6.5 0.0103 -0.0109 chrome<=1e-35
alike_text<=0.1374 kind<=1e-35 -0.0194 in_most<=1e-35 -0.00863 size_at-1<=4.044 -0.00347 0.0215
position<=0.7897 kind<=3.5 to_consent<=5.5 -0.00257 page_size<=15.44 0.0437 -0.000432 -0.00229 -0.0031
unlinked_2<=0.9597 -0.0431 page_sentences<=7.679 0.012 -0.0122 alike_share<=0.2934 in_half<=1e-35
page_sentences<=7.679 0.00683 -0.0403 unlinked_3<=0.8889 alike_text<=0.1374 -0.0219 0.00545
sibling_at+1<=1e-35 row_count<=3.522 0.00494 -0.0136 0.0203 to_comment<=1.5 -0.0111 closed<=1e-35 -0.00105
page_sentences<=15.38 to_meta<=1e-35 -0.00187 0.0441 -0.00311 in_half<=1e-35 to_article<=7.5
page_unlinked<=0.7679 0.0133 -0.0109 after<=6.901 to_toc<=5.5 0.00125 -0.0435 0.0017 alike_text<=0.1374
unlinked_3<=0.8889 -0.0193 home<=8.5 page_most_unlinked<=0.9994 0.0222 -0.00455 -0.00981 page_most<=8.486
position<=0.7416 0.0374 0.000237 -0.00497 chrome<=1e-35 alike_text<=0.1374 home<=7.5 around<=0.882
-0.00726 0.0162 -0.0207 sentences_before<=0.8146 home<=1e-35 -0.00166 row_share<=0.9978 0.0403 -0.00236
0.00216 unlinked_2<=0.9597 words<=71.5 -0.0418 0.00183 to_article<=7.5 alike_text<=0.6429 0.0172 -0.00587
-0.0108 closed<=1e-35 chrome<=1e-35 unlinked_1<=0.9666 page_unlinked<=0.5005 0.00533 -0.0184 0.00501
-0.0391 sentences_before<=0.7593 from_title<=1e-35 -0.00482 copies<=3.5 to_consent<=8.5 -0.00236
to_related<=4.5 -0.0022 0.0439 -0.00327 before<=8.061 from_title<=18.5 0.0031 -0.0228 0.00862
alike_share<=0.04829 from_heading<=1e-35 0.00555 alike_text<=0.4433 -0.0341 0.00283 from_heading<=21.5
position<=0.7416 unlinked_0<=0.7453 -0.00162 home<=11.5 to_comment<=1.5 -0.00219 says_consent<=0.01472
alike_text<=0.04118 -0.0011 0.0431 -0.0017 -0.00184 -0.00233 page_size<=13.86 0.00937 -0.0237
chrome<=1e-35 alike_share<=0.2934 kind<=1e-35 -0.0179 size_at-1<=4.044 -0.00504 page_han<=0.001419 0.0226
-0.00527 alike_unlinked<=0.9196 -0.00604 lines<=3.5 page_sentences<=15.38 0.0383 -0.00381 -0.00491
words<=36.5 to_toc<=2.5 0.00216 -0.0382 page_long<=5.229 0.0112 -0.00941 sentences_3<=0.08938
to_article<=6.5 alike_text<=0.06955 -0.00882 0.00998 row_share<=0.9135 from_heading<=1.5 -0.000123 -0.038
0.00156 unlinked_1<=0.9147 row_count<=2.161 -0.0158 0.00629 to_related<=4.5 -0.00586 alike_text<=0.00649
-0.00325 to_consent<=6.5 -0.00358 kind<=4.5 0.0375 -0.00205 alike_text<=0.1374 after<=2.262 to_toc<=5.5
0.00356 -0.0337 kind<=1e-35 -0.0111 size_at-1<=4.044 -0.00491 0.0165 to_li<=3.5 after<=1.294 -0.0196
0.0117 row_share<=0.9978 page_size<=15.44 position<=0.8699 under_related<=0.1833 0.0405 -0.00281 -0.00201
-0.00398 -0.00633 in_most<=1e-35 page_sentences<=7.679 0.00985 size<=8.428 -0.0358 8.72e-05 size<=4.426
-0.0129 page_most_unlinked<=0.7904 to_body<=2.5 0.00748 -0.0117 to_comment<=2.5 -0.00521
page_most_unlinked<=0.988 stated<=-1e-35 under_related<=0.1144 0.0364 -0.00336 -0.00285 page_most<=8.486
0.00814 -0.00988 closed<=1e-35 from_heading<=1e-35 0.00504 alike_share<=0.8246 -0.03 0.00167
sentences_before<=0.7593 alike<=1.292 -0.00374 to_consent<=8.5 -0.0041 to_related<=4.5 -0.00304
stated<=-1e-35 home<=10.5 row_size<=12.48 0.0419 -0.000675 -0.00135 -0.000505 before<=8.061 -0.0193
0.00565 closed<=1e-35 chrome<=1e-35 kind<=1e-35 -0.0173 0.00853 -0.0343 text_before<=0.7789
to_comment<=1.5 -0.00798 row_share<=0.9978 to_consent<=10.5 -0.0043 to_related<=4.5 -0.00373
from_title<=1e-35 -0.00135 under_related<=0.1833 stated<=-1e-35 0.0408 -0.000345 -0.00203 -0.00496 -0.011
sentences_1<=0.08596 from_heading<=8.5 alike_text<=0.09675 text_before<=0.4806 0.00228 -0.019
page_thread_url<=1e-35 0.0243 -0.00456 alike_text<=0.8296 depth_in_most<=17.5 to_caption<=7.5 0.000304
-0.0319 0.00286 0.00433 around<=0.8562 -0.00401 page_long<=6.82 under_related<=0.1548 0.0319 -0.00176
-0.00392 in_half<=1e-35 page_unlinked<=0.2589 0.00711 to_toc<=5.5 0.00514 -0.0307 depth_in_most<=3.5
to_related<=5.5 -0.00521 linked<=0.2557 kind<=4.5 0.0345 -0.00172 -0.000923 depth<=12.5 from_heading<=1.5
0.0044 page_blocks<=8.669 -0.024 0.00406 closed<=1e-35 -0.00545 0.0177 alike_share<=0.2934
size_at+1<=5.539 to_link<=4.5 0.00239 page_sentences<=14.62 to_ad<=9.5 0.00251 depth_in_most<=17.5 -0.0312
0.00213 0.00166 in_most<=1e-35 -0.0114 page_thread_url<=1e-35 0.0202 -0.00678 sentences_before<=0.7593
closed<=1e-35 0.000112 0.0358 page_size<=13.92 0.00662 -0.0129 alike_share<=0.04829 from_heading<=1e-35
0.00511 to_link<=4.5 0.000365 to_quote<=8 0.00205 to_toc<=2.5 0.00161 -0.0314 sentences_before<=0.6812
page_thread<=1e-35 page_sentences<=14.82 from_title<=-4.5 -0.00278 says_comment<=0.0482 0.0357 -0.0019
-0.00144 -0.00179 from_heading<=7.5 0.00748 -0.0181 sentences_2<=0.09907 row_share<=0.8974
from_heading<=6.5 page_most<=6.651 -0.00926 0.00652 page_blocks<=9.692 -0.0339 0.00153 row_share<=0.9978
0.0132 -0.0101 around<=0.8562 -0.00608 lines<=1e-35 to_related<=4.5 -0.00423 linked<=0.2557 in_most<=1e-35
-0.00183 0.0357 -0.00303 -0.00416 alike_share<=0.3248 to_article<=7.5 kind<=1e-35 -0.0122 alike<=1.292
-0.00381 0.019 size_at+1<=6.693 kind_at-1<=3.5 to_toc<=7.5 0.0018 depth_in_most<=17.5 -0.0343 0.00251
0.00363 0.00465 page_size<=14.55 linked<=0.2557 page_stated<=1e-35 0.0336 -0.00224 -0.00421 -0.00372
unlinked_2<=0.9252 alike_text<=0.1374 to_toc<=5.5 0.00676 -0.0302 chrome<=1e-35 depth<=6.5 -0.00467 0.0166
-0.0117 from_title<=86.5 alike_text<=0.009088 -0.00507 kind<=4.5 to_comment<=1.5 -0.00366 0.0314 -0.00471
page_thread_url<=1e-35 to_article<=2.5 -0.0101 0.0109 -0.0139 chrome<=1e-35 alike<=2.453 -0.0114
page_thread<=1e-35 kind<=4.5 dated<=1e-35 sentences_before<=0.9066 to_author<=2.5 -0.00132 0.0336 0.00113
-0.00352 -0.00539 position<=0.4522 0.00461 -0.0145 alike_share<=0.04829 -0.031 depth_in_most<=8.5
row_up<=1e-35 0.00719 -0.0162 0.0112 chrome<=1e-35 in_most<=1e-35 -0.0109 page_thread_url<=1e-35
to_related<=5.5 -0.00705 kind<=4.5 row_share<=0.9978 stated<=-1e-35 0.0344 -0.00203 -0.00326 -0.00626
page_size<=14.07 words<=5.5 -0.00503 0.0155 -0.0193 unlinked_2<=0.9597 -0.03 to_card<=4.5 -0.00825 0.00953
in_most<=1e-35 page_sentences<=9.859 0.00721 -0.0299 page_thread_url<=1e-35 alike<=2.696 -0.00547
page_size<=15.44 kind<=4.5 page_most_unlinked<=0.527 -0.00375 page_thread<=1e-35 copies<=3.5 0.0364
-0.00121 -0.00282 -0.00467 -0.00603 page_blocks<=7.581 0.00911 row_up<=7.5 -0.0221 0.00488 chrome<=1e-35
sentences_before<=0.6198 closed<=1e-35 kind<=1e-35 -0.00822 sentences_before<=0.01072 -0.00424 0.0131
unlinked_3<=0.9998 to_head<=1e-35 -0.0015 0.029 -0.000596 alike_share<=0.5183 kind<=1e-35 -0.016 0.00212
page_most<=7.093 0.0125 -0.00427 unlinked_2<=0.9744 -0.0285 0.00049 closed<=1e-35 to_article<=7.5
alike<=4.614 -0.00834 0.0115 sentences_1<=0.1371 -0.0267 0.00252 text_before<=0.7789 to_comment<=1.5
-0.00783 alike_text<=0.1374 0.00137 row_share<=0.9978 to_consent<=8.5 -0.00188 page_size<=15.44
under_related<=0.1833 0.0358 -0.00196 -0.000964 -0.00282 -0.0105 closed<=1e-35 linked_at+1<=0.2324
alike<=2.453 -0.0128 to_section<=7.5 -0.00713 0.00907 to_link<=4.5 0.00142 -0.0274 from_title<=82.5
in_half<=1e-35 0.000462 kind<=4.5 0.0303 -0.00173 page_long<=3.391 0.00915 to_li<=1e-35 0.00506
sentences_1<=0.9979 -0.0203 0.00397 alike_share<=0.2934 chrome<=1e-35 alike<=3.522 size_at+1<=6.983
-0.0155 0.00482 0.0138 to_toc<=4.5 0.00278 unlinked_3<=0.9709 -0.0316 0.000775 from_heading<=18.5
closed<=1e-35 -0.00104 page_size<=15.51 to_consent<=6.5 -0.00227 0.0321 -0.00219 page_size<=13.86 0.00968
-0.0158 from_heading<=11.5 alike_text<=0.06536 alike<=2.161 -0.0172 0.00523 under_related<=0.1548
depth<=6.5 -0.00232 to_meta<=1e-35 -0.00424 0.0298 -0.00602 page_sentences<=7.679 page_most<=6.852 0.0109
-0.00578 sentences_1<=0.164 depth<=17.5 sentences_3<=0.8852 -0.0333 -0.00134 0.000576 0.0035 closed<=1e-35
from_heading<=1e-35 0.0074 unlinked_1<=0.9984 page_blocks<=9.692 to_toc<=2.5 0.00198 -0.0298 0.00169
to_section<=7.5 -0.0089 0.00648 from_title<=82.5 from_heading<=25.5 unlinked_1<=0.9147 0.000483 0.0298
-0.00285 page_long<=3.391 0.00817 to_li<=1e-35 0.00533 -0.0151 sentences_2<=0.09907 to_article<=6.5
to_side<=11.5 -0.00724 0.0124 row_share<=0.9135 page_sentences<=13.85 depth<=21.5 to_link<=1.5 0.00107
-0.0338 0.00247 0.00131 row_share<=0.9978 0.0101 -0.00809 depth<=7.5 linked_at+1<=1e-35 from_title<=66.5
0.0113 -0.00572 -0.0116 0.0223 sentences_2<=0.09907 row_share<=0.8974 from_heading<=1.5 alike<=2.161
-0.008 0.0117 page_unlinked<=0.9164 page_blocks<=9.692 -0.0287 0.00234 0.00388 row_share<=0.9978 0.0122
-0.00767 around<=0.8562 -0.00646 position<=0.7416 page_most_unlinked<=0.9907 linked<=0.2557 0.0273
-0.00222 -0.0035 -0.0036 unlinked_1<=0.9382 home<=5.5 text_before<=0.573 depth<=5.5 -0.00489 0.0138
-0.00701 -0.0232 sibling_at+1<=1e-35 alike_unlinked<=0.9932 0.00781 sentences_3<=0.9624 depth<=15.5
-0.0207 0.00271 0.00422 page_long<=6.2 row_size<=11.58 to_consent<=6.5 -0.00228 0.0296 -0.00152 -0.00371
sentences_before<=0.6812 alike_share<=0.03588 sentences_before<=1e-35 -0.0173 kind<=1e-35 -0.00661 0.0112
to_consent<=8.5 -0.00495 depth<=6.5 -0.00167 home<=11.5 0.0273 -0.0022 page_unlinked<=0.5005 0.00846
sentences_2<=0.9616 to_toc<=5.5 0.00207 depth<=17.5 -0.0285 -0.000785 0.000548 from_heading<=7.5
page_thread_url<=1e-35 text_before<=0.8197 to_related<=4.5 -0.00299 kind<=4.5 copies<=3.5
text_before<=0.02795 -0.00192 0.0316 -0.0018 -0.00288 -0.00606 to_post<=5.5 0.00399 -0.0157 depth<=17.5
sentences_2<=0.4305 to_meta<=7.5 0.0021 -0.0284 0.00279 0.00712 closed<=1e-35 from_heading<=1e-35
alike<=2.161 -0.00404 0.011 unlinked_1<=0.9998 page_blocks<=9.692 -0.0246 0.0016 -0.00106
text_before<=0.5256 alike<=1.292 -0.00189 from_heading<=19.5 0.0282 -4.95e-06 from_heading<=6.5
alike<=3.522 -0.00456 0.0109 page_long<=4.044 0.00286 -0.0167 from_heading<=8.5 text_before<=0.8197
page_han<=0.3388 copies<=3.5 to_consent<=8.5 -0.00348 kind<=4.5 says_related<=0.05971 0.0279 -0.00185
-0.00358 -0.00407 -0.00516 -0.0112 sentences_3<=0.4614 depth<=16.5 page_unlinked<=0.2017 0.00267
page_unlinked<=0.9164 -0.0286 0.00146 0.00291 0.00432 from_heading<=7.5 alike<=2.161 alike_share<=0.08727
-0.0143 0.00573 page_thread_url<=1e-35 position<=0.8699 home<=9.5 0.0277 -0.0034 -0.0028 -0.00579
row_share<=0.8556 after<=21.52 to_toc<=5.5 0.00306 page_unlinked<=0.2017 0.00238 -0.0269 0.00303
page_size<=14.58 0.0102 -0.0082 closed<=1e-35 from_heading<=1e-35 alike<=1.792 -0.00474 0.0109
unlinked_1<=0.9984 page_most<=1.661 0.00319 -0.0249 0.000826 from_title<=66.5 from_heading<=21.5 0.0246
-0.00293 alike_unlinked<=0.9919 to_related<=10.5 -0.00712 home<=8.5 0.0164 -0.00414 to_caption<=9.5
0.00433 -0.016 in_half<=1e-35 page_most_unlinked<=0.5 0.00439 -0.0226 words<=3.5 -0.00853 depth<=6.5
-0.0076 page_size<=14.07 copies<=3.5 page_most<=8.514 kind_at+1<=4.5 0.0287 -0.00195 -0.00206 -0.00438
page_size<=14.17 -0.0171 to_body<=1e-35 -0.0064 sentences_before<=0.9732 0.0181 -0.00328 alike_text<=0.335
size_at+1<=6.693 row_count<=4.357 depth<=20.5 to_toc<=8.5 0.0033 sentences_2<=0.5243 page_most<=1.661
0.00332 lower<=1e-35 -0.0304 0.000631 -0.000438 0.00545 0.0066 0.00784 from_heading<=5.5 0.0231
row_count<=4.209 to_head<=6.5 -0.00354 0.0137 -0.0123 words<=3.5 -0.0181 from_heading<=7.5 alike<=1.292
-0.00776 page_thread_url<=1e-35 kind<=4.5 to_card<=1e-35 -0.00139 says_mail<=0.048 0.0316 -0.00157
-0.00569 to_post<=5.5 0.00546 -0.0113 page_long<=3.857 row_size<=7.086 -0.00656 0.0119 blocks_3<=5.229
-0.0163 0.00389 closed<=1e-35 depth<=16.5 to_link<=10.5 0.0049 row_count<=5.022 -0.0216 0.00209 0.0036
alike_unlinked<=0.9997 page_size<=15.51 size<=6.735 -0.000468 depth_in_most<=-1e-35 -0.00255 0.0262
-0.00525 sentences_2<=0.4305 depth<=15.5 page_size<=11.88 0.00326 -0.0169 0.00476 0.011
sentences_before<=0.6812 alike_text<=0.1374 sentences_before<=1e-35 -0.0149 home<=8.5 0.0126 -0.00744
depth<=5.5 -0.00535 to_consent<=8.5 -0.00395 alike<=7.439 dated<=1e-35 0.0294 -0.00232 -0.00234
page_unlinked<=0.357 0.00802 before<=20.48 to_meta<=5.5 -0.000827 -0.0243 0.00411 words<=3.5 home<=5.5
0.000966 -0.021 sentences_before<=0.6812 from_title<=1e-35 -0.00718 page_thread<=1e-35 depth<=5.5 -0.00295
copies<=3.5 home<=10.5 says_comment<=0.05608 0.0307 -0.00174 -0.00261 -0.00269 -0.00153
sentences_3<=0.8049 page_sentences<=7.679 0.00593 -0.016 0.00347 unlinked_1<=0.9382 page_unlinked<=0.2589
0.00624 row_up<=9.5 from_heading<=1e-35 0.00108 -0.0208 0.00207 from_title<=78.5 from_heading<=25.5
around<=0.7753 -0.00225 lines<=1.5 alike<=1.292 -0.000596 0.0242 -0.00145 -0.00225
sentences_before<=0.5008 0.00619 to_caption<=9.5 0.00308 -0.0132 chrome<=1e-35 page_thread_url<=1e-35
depth<=6.5 -0.00935 stated<=-1e-35 under_related<=0.1548 blocks_2<=1.292 -0.00371 to_author<=1.5 -0.00375
says_related<=0.04572 0.0281 -0.00214 -0.00604 -0.00665 page_size<=14.07 0.00502 -0.0175 to_article<=7.5
0.00264 to_toc<=5.5 0.00296 -0.0236 sentences_2<=0.09907 to_article<=6.5 alike<=3.246 -0.00632
alike_share<=0.6779 0.0163 -0.00484 page_most_unlinked<=0.9278 page_sentences<=7.679 0.00342 -0.0271
punctuation<=1e-35 -0.00906 0.0109 unlinked_0<=0.9992 -0.00607 unlinked_3<=0.6818 -0.00394
page_most_unlinked<=0.9907 alike_share<=0.01545 -0.000865 0.0241 -0.00345 sentences_before<=0.6198
words<=3.5 -0.0111 to_consent<=8.5 -0.00455 to_body<=1e-35 -0.00208 to_nav<=1.5 -0.00256 home<=11.5 0.0256
-0.00256 page_sentences<=7.679 0.00994 sentences_3<=0.9624 page_unlinked<=0.4737 0.00309
page_unlinked<=0.9164 row_up<=8.5 -0.0295 0.0028 0.000479 0.00063 unlinked_1<=0.9529 to_link<=4.5
home<=5.5 0.0114 -0.0035 alike_share<=0.5183 page_long<=1e-35 0.00315 -0.0214 0.00339 sibling_at+1<=1e-35
alike_unlinked<=0.9953 0.00741 sentences_1<=0.4733 -0.012 0.00372 lines<=1e-35 page_long<=6.2 alike<=1.292
-0.00217 0.0228 -0.00388 -0.00519 sentences_3<=0.8049 depth<=15.5 to_link<=10.5 0.00705 page_most<=8.66
blocks_2<=5.304 page_most_unlinked<=0.952 page_long<=1.792 -0.000282 -0.0283 page_most_unlinked<=0.988
0.00598 -0.00836 0.000403 0.00336 row_share<=0.1967 -0.00521 0.0116 depth<=6.5 -0.00735
sentences_before<=0.9403 0.0219 -0.00329 unlinked_1<=0.9477 to_article<=8.5 kind<=1e-35 -0.00956 0.0106
to_toc<=7.5 0.00306 after<=20.49 -0.0221 0.00246 page_size<=14.07 size<=4.426 -0.00426 text_before<=0.7789
kind<=4.5 0.0248 -0.00276 -0.00197 page_blocks<=7.919 -0.0177 from_heading<=15.5 0.0171 -0.00988
closed<=1e-35 from_heading<=1e-35 0.00542 page_most<=1.661 0.00291 to_toc<=8.5 0.00309 -0.0176
alike_unlinked<=0.9997 to_related<=8.5 -0.0044 under_comments<=0.1833 home<=8.5 to_foot<=10.5 -0.00198
0.027 -0.00133 -0.00393 sentences_3<=0.8049 to_article<=4.5 0.00335 -0.0149 0.00979 text_before<=0.6227
from_title<=1e-35 -0.0135 page_thread_url<=1e-35 home<=7.5 says_author<=0.0482 page_size<=14.92
depth_in_most<=1e-35 -0.00107 page_thread<=1e-35 under_related<=0.1144 0.0293 -0.00141 -0.00153 8.4e-05
-0.00264 -0.00101 alike_text<=0.3108 -0.00976 0.00421 from_title<=34.5 0.00373 -0.0144 linked_at+1<=0.2081
sibling_at+1<=1e-35 page_most<=6.651 page_size<=12.35 0.00511 sentences_2<=0.9616 -0.0166 0.0028 0.00353
page_size<=15.44 under_related<=0.03886 page_thread<=1e-35 to_comment<=1.5 -0.0022 0.0238 -0.00129
-0.00523 -0.00579 page_most<=1.661 0.00362 page_long<=1e-35 0.00223 -0.0172 sentences_before<=0.6812
from_title<=1e-35 -0.0144 page_thread_url<=1e-35 page_stated<=1e-35 to_related<=4.5 -0.00307
says_author<=0.0482 lines<=1.5 size<=3.857 -0.000703 0.029 -0.00203 -0.00299 -0.00354 alike_share<=0.2934
-0.00987 0.00865 page_sentences<=7.679 0.0103 before<=20.48 -0.0179 0.00318 sentences_before<=0.601
punctuation<=0.05042 sentences_before<=0.006586 -0.0159 0.0065 alike<=1.292 -0.00348 lines<=1e-35
page_blocks<=9.353 page_thread<=1e-35 0.0249 0.000883 -0.00107 -0.00318 page_sentences<=7.679 0.00869
in_half<=1e-35 -0.0202 to_li<=1.5 0.00804 blocks_1<=4.781 -0.00962 0.0036 alike_share<=0.4262
page_thread_url<=1e-35 size_at-1<=4.833 to_toc<=7.5 0.00456 -0.0124 page_most_unlinked<=0.8859 -0.00171
0.0154 to_quote<=8 0.0031 lower<=1e-35 page_article<=1e-35 -0.0259 0.00108 0.00191 from_heading<=18.5
page_sentences<=14.82 0.0196 -0.0022 size_at-2<=5.108 0.00585 -0.0105 alike_text<=0.01048 -0.0169
from_heading<=5.5 text_before<=0.8197 punctuation<=0.378 row_share<=0.9978 0.0207 -0.00296 -0.00331
-0.00315 page_size<=13.86 alike_unlinked<=0.9681 page_size<=13.76 -0.0132 0.00561 row_share<=0.2068
-0.00212 0.0189 text_before<=0.2612 0.00379 blocks_2<=8.008 -0.0205 0.00222 words<=3.5 -0.0138
sentences_before<=0.601 page_thread<=1e-35 says_author<=0.05032 page_sentences<=14.82 position<=0.7897
position<=0.05017 -0.00193 0.0225 -0.00198 -0.00209 -0.00276 -0.00316 page_unlinked<=0.5005 0.00794
sentences_3<=0.8049 page_unlinked<=0.9164 -0.0173 0.00166 page_unlinked<=0.9201 0.00864 -0.00623
alike<=2.453 alike_text<=0.1653 -0.0176 0.00573 from_heading<=14.5 sentences_before<=0.8867 home<=11.5
to_meta<=1e-35 -0.00249 lines<=3.5 blocks_2<=8.916 0.0235 -0.00234 -0.00212 -0.00311 -0.00388
page_long<=3.391 blocks_2<=3.246 0.0119 -0.00524 sentences_2<=0.4305 -0.0167 0.00293 alike<=2.453
sentences_1<=0.4733 -0.0183 0.0035 sentences_before<=0.6198 from_title<=-4.5 -0.00785
says_comment<=0.02963 kind<=4.5 page_most<=8.486 blocks_3<=9.359 0.0239 -0.00237 -0.00102 -0.00266
-0.00344 sentences_3<=0.8049 page_sentences<=7.679 0.00701 -0.0144 depth<=6.5 -0.0053 0.00943
alike_text<=0.335 page_most<=6.651 page_size<=12.35 0.00259 to_li<=1e-35 0.000435 page_most<=1.661 0.00272
row_count<=4.357 -0.0253 0.00169 row_count<=1.792 -0.00733 0.0113 page_size<=14.58 to_nav<=3.5 -0.00437
page_stated<=1e-35 says_author<=0.06742 0.0257 -0.0029 -0.00315 -0.00823 words<=3.5 home<=4.5 0.00197
-0.0172 sentences_before<=0.4148 alike<=1.292 -0.00268 to_meta<=1e-35 -0.00219 0.0195 page_long<=3.391
page_blocks<=6.864 -0.00387 0.0122 to_li<=1e-35 0.00713 blocks_1<=4.781 page_sentences<=14.26 -0.0213
0.00107 page_sentences<=15.38 0.00797 -0.00602 closed<=1e-35 from_heading<=1e-35 0.00541 to_toc<=8.5
0.00275 page_blocks<=9.443 row_up<=9.5 page_most<=7.362 -0.0231 -0.00102 0.00173 0.00239 from_title<=82.5
capitals<=0.2011 stated<=-1e-35 kind_at-1<=3.5 0.0225 -0.00201 -0.00269 -0.00199 page_blocks<=7.405
0.00621 -0.00724 alike_text<=0.01048 -0.0144 sentences_before<=0.341 around<=0.4415 -0.00458
to_consent<=10.5 -0.00238 0.019 page_unlinked<=0.8071 page_han<=0.1169 to_section<=4.5 -0.00357 0.0132
-0.00682 to_caption<=9.5 0.00716 page_unlinked<=0.9377 blocks_1<=4.781 to_article<=1.5 0.0014 -0.0227
0.0026 0.00222 to_article<=9.5 to_section<=5.5 -0.00861 to_comment<=5.5 -0.00848 depth<=6.5 -0.00776
alike_text<=0.008252 -0.00545 says_mail<=0.01869 0.0253 -0.00233 in_most<=1e-35 to_toc<=5.5 0.00328 -0.022
depth<=12.5 alike_text<=0.4954 page_article<=1e-35 -0.0178 0.0032 0.00823 0.00862 to_article<=6.5
depth<=6.5 -0.0073 alike_text<=0.01284 -0.00637 to_comment<=11.5 -0.00449 to_section<=5.5 -0.00167
stated<=-1e-35 0.0254 -0.00111 sentences_3<=0.9624 depth<=15.5 page_unlinked<=0.2589 0.00354
page_unlinked<=0.9164 -0.0227 0.000437 0.00233 alike<=1.792 -0.00382 0.0131 alike_text<=0.335
page_most<=6.651 page_sentences<=9.859 0.00831 sentences_1<=0.9173 -0.0226 0.00395 alike<=2.161 -0.00738
under_comments<=1e-35 from_title<=-4.5 -0.00355 0.0146 -0.00379 alike<=5.82 says_author<=0.05608
row_place<=0.9459 0.0216 -0.00198 -0.0034 text_before<=0.3465 0.00536 -0.0109 linked_at+1<=0.6588
to_section<=7.5 sentences_3<=0.9091 page_sentences<=13.85 -0.0173 0.00362 0.00686 depth<=7.5 -0.00483
under_comments<=0.225 stated<=-1e-35 alike_text<=0.009088 -0.00313 page_han<=0.5698 to_mail<=2.5 -0.00121
0.0275 -0.00249 -0.00606 -0.00466 to_article<=7.5 0.00173 -0.0168 from_heading<=5.5 alike_text<=0.01048
-0.00677 to_section<=7.5 page_most<=6.238 0.00648 -0.00987 under_related<=0.02671 text_before<=0.8197 0.02
-0.00112 -0.00277 depth<=16.5 to_caption<=9.5 0.00402 alike_share<=0.8551 page_unlinked<=0.2017 0.00201
to_toc<=9.5 0.00105 -0.0215 0.00302 0.00631 from_heading<=5.5 alike<=4.285 page_size<=14.09
page_blocks<=7.535 size_at+1<=4.882 -0.00544 0.00846 -0.0117 0.00755 home<=1e-35 -0.00229 0.0174
depth<=15.5 row_share<=0.8556 page_blocks<=9.627 before<=40.37 page_blocks<=6.16 0.000923 -0.0224 0.00239
0.00348 0.000642 0.00518 closed<=1e-35 to_head<=1e-35 0.00451 unlinked_0<=0.9992 to_link<=3.5 0.00125
-0.0182 blocks_1<=2.161 -0.00664 0.00508 text_before<=0.5256 to_comment<=1.5 -0.00256 says_mail<=0.0113
0.0176 -0.00165 sentences_2<=0.9989 to_li<=1e-35 0.0047 page_long<=3.246 0.0029 -0.0149 0.00548
text_before<=0.5256 from_title<=1e-35 -0.00998 says_comment<=0.0458 row_size<=9.357 under_related<=0.1144
copies<=3.5 under_comments<=0.1833 0.0221 -0.00129 -0.00168 -0.00257 0.000105 -0.0047 depth<=15.5
page_blocks<=7.919 page_blocks<=6.16 0.00264 -0.0197 before<=3.853 -0.00722 0.0065 0.00587 alike<=2.696
alike_text<=0.1653 -0.0146 0.00555 page_thread_url<=1e-35 lines<=1e-35 to_nav<=3.5 -0.00621
to_comment<=11.5 -0.00529 page_sentences<=15.38 page_stated<=1e-35 blocks_2<=8.916 under_related<=0.1548
0.0245 -0.00225 -0.0028 -0.00266 -0.00436 -0.01 alike_share<=0.5183 -0.012 0.00693 size_at+1<=4.129
to_article<=6.5 0.00342 figures<=0.1237 -0.0184 0.00222 sentences_before<=0.8867 page_size<=14.58
to_nav<=3.5 -0.00504 page_stated<=1e-35 alike<=1.292 -0.00182 kind<=4.5 to_related<=4.5 -0.00179 0.0219
-0.00228 -0.00344 -0.00257 page_most_unlinked<=0.4178 0.00525 -0.00974 from_heading<=6.5 alike<=3.522
from_title<=31.5 0.00612 alike_text<=0.2615 page_sentences<=13.74 -0.0158 0.00268 0.00354
text_before<=0.8381 home<=9.5 0.0171 -0.0022 -0.00152 page_sentences<=7.679 0.00537 to_article<=1.5
0.00628 sentences_3<=0.9689 size_at-2<=2.696 0.00205 -0.0201 -0.000187
"""
