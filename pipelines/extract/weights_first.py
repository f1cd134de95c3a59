"""Trees of the first round of pipelines.extract.choice; bench/train_choice.py wrote them."""

TREES = """
sentences_2<=0.006351 alike_share<=0.4262 kind_at+2<=3.5 -0.173 -0.0769 -0.0878 alike<=2.453 size<=7.922
-0.106 -0.0702 linked<=0.5019 page_size<=15.84 to_consent<=6.5 -0.0792 dated<=1e-35 kind<=4.5 size<=3.857
-0.0774 0.0272 -0.0763 -0.0771 -0.0805 -0.0765 sentences_1<=1e-35 in_half<=1e-35 -0.093 words<=6.5
depth_in_most<=3.5 0.00275 -0.0444 0.00606 alike<=2.453 in_half<=1e-35 -0.0224 0.0109 in_most<=1e-35
-0.00287 lines<=5.5 page_size<=15.84 row_share<=0.9978 to_consent<=6.5 0.000709 0.0997 0.00318 -0.00143
-0.000927 sentences_2<=0.006351 to_article<=5.5 -0.0153 row_share<=0.9136 -0.0888 -0.0103 alike<=2.453
around<=0.9436 -0.0274 0.00658 copies<=3.5 dated<=1e-35 sentences_before<=0.9732 row_count<=7.413
kind<=4.5 says_consent<=0.0241 0.0921 -0.00106 0.0028 0.00107 0.000758 0.00117 -0.00363
sentences_2<=0.006351 kind_at-2<=3.5 depth_in_most<=16.5 alike_text<=0.8296 to_article<=5.5 -0.0183
-0.0842 0.00273 -0.00109 0.000597 alike_text<=0.08826 kind<=1e-35 -0.0286 in_most<=1e-35 -0.0112 0.0331
to_related<=4.5 -0.00276 to_meta<=1e-35 0.000409 in_most<=1e-35 0.000173 0.09 sentences_2<=1e-35
alike_share<=0.2934 kind<=3.5 -0.0798 0.0012 -0.0122 in_half<=1e-35 alike_share<=0.2764 -0.0346 0.0112
unlinked_1<=0.7001 -0.00414 copies<=3.5 figures<=0.5774 to_related<=4.5 0.0004 to_consent<=5.5 -0.000846
kind<=4.5 0.0856 0.00231 -0.00239 -0.00343 sentences_1<=1e-35 in_half<=1e-35 page_unlinked<=0.2016 0.00424
to_article<=4.5 -0.0102 -0.0834 size<=5.108 sentences_3<=0.4614 -0.0384 0.0014 0.00783 in_half<=1e-35
-0.0165 linked<=0.3071 page_size<=15.84 figures<=0.5774 to_author<=1.5 0.000656 0.0799 -0.0011 -0.00204
0.00169 in_half<=1e-35 page_sentences<=7.679 -0.00147 sentences_0<=0.01188 -0.0779 -0.00596
sentences_3<=0.00766 closed<=1e-35 -0.0375 0.00364 alike_text<=0.06005 kind<=1e-35 -0.0103 0.0228
to_related<=4.5 -0.00249 to_meta<=1e-35 0.000277 lines<=10.5 to_quote<=1e-35 -0.000615 0.08 7.1e-05
sentences_0<=1e-35 in_half<=1e-35 page_unlinked<=0.2584 0.000545 -0.0752 chrome<=1e-35 home<=8.5 0.0339
-0.0156 unlinked_3<=0.9722 -0.0421 0.0058 in_half<=1e-35 -0.00698 row_share<=0.9978 page_long<=6.82
lines<=4.5 size<=5.476 -0.000459 0.0761 0.00027 -0.00108 -0.00219 sentences_3<=0.00766 to_article<=5.5
page_sentences<=11.44 0.00643 -0.0186 alike_share<=0.9403 -0.0705 0.00306 alike_share<=0.09024
in_most<=1e-35 -0.0374 sentences_3<=0.8852 -0.0109 alike_text<=0.006493 -0.00448 0.0267 to_related<=4.5
-0.00316 in_most<=1e-35 0.000715 under_related<=0.1833 0.074 -0.00012 sentences_1<=1e-35 in_half<=1e-35
page_unlinked<=0.2584 0.000696 -0.0709 alike_share<=0.0772 -0.0335 0.0161 alike<=2.453 size_at+1<=7.05
-0.0176 0.00858 in_most<=1e-35 -0.00258 to_consent<=6.5 -0.00114 row_count<=7.242 kind<=4.5
row_size<=12.48 0.0716 0.00264 0.000972 0.000908 sentences_1<=1e-35 to_article<=6.5 alike_text<=0.08826
-0.0237 alike_text<=0.6433 0.0211 -0.00981 alike_share<=0.9403 depth_in_most<=16.5 -0.0667 -0.000179
0.00452 in_most<=1e-35 -0.0197 alike_share<=0.01116 -0.00224 sentences_2<=0.04511 0.0112
unlinked_2<=0.6624 -0.0033 lines<=4.5 0.07 -0.00166 sentences_1<=1e-35 alike_share<=0.09024 -0.0623
page_sentences<=7.679 0.0138 chrome<=1e-35 0.008 -0.0309 in_most<=1e-35 -0.0191 page_thread<=1e-35
page_long<=1.292 7.77e-05 copies<=3.5 to_card<=1e-35 -0.00257 page_sentences<=15.38 0.0675 -0.00143
-0.00224 page_size<=14.07 0.0204 -0.0135 sentences_1<=1e-35 chrome<=1e-35 alike_text<=0.06557 -0.0277
in_most<=1e-35 -0.00833 0.0186 alike_text<=0.8296 -0.064 0.00333 alike_text<=0.1374 around<=0.9377 -0.0183
0.0209 row_share<=0.9978 page_size<=15.44 to_consent<=8.5 0.00235 lines<=4.5 0.0687 0.00127 0.00105
-0.000767 alike_share<=0.09024 after<=2.657 alike_text<=0.6855 -0.0622 0.00382 kind<=1e-35 -0.0194 0.0148
sentences_before<=0.9852 from_title<=-4.5 -0.00688 to_related<=4.5 -0.00217 under_comments<=0.8846
to_consent<=5.5 -0.00263 page_most<=8.486 says_author<=0.08514 0.0644 -0.00214 0.00215 -0.000575 -0.025
sentences_1<=0.003918 in_half<=1e-35 page_unlinked<=0.2584 0.00292 to_toc<=4.5 -0.000827 -0.0628
alike_share<=0.05231 page_blocks<=6.484 0.00492 -0.0304 0.0143 in_half<=1e-35 alike_share<=0.325 -0.0218
0.00777 row_share<=0.9903 closed<=1e-35 sentences_3<=0.6929 -0.00487 0.0187 0.0628 0.0005
sentences_1<=1e-35 to_article<=7.5 alike_text<=0.05554 -0.02 alike_text<=0.6433 0.0237 -0.0133
alike_text<=0.4433 before<=4.662 -0.0625 -0.00609 0.00281 alike<=2.696 alike_text<=0.1374 -0.0163 0.0118
sentences_3<=0.08834 0.00824 to_related<=4.5 -0.00232 kind<=4.5 0.0615 -0.000556 sentences_2<=0.04511
chrome<=1e-35 page_most_unlinked<=0.8892 row_count<=4.357 page_unlinked<=0.2016 0.00534 -0.0349 0.00446
row_count<=1.792 -0.00796 0.016 -0.0568 alike<=2.453 -0.0102 sentences_3<=0.08834 0.00381 figures<=0.4317
row_count<=7.242 kind<=4.5 0.0626 -0.000319 7.29e-05 -0.000873 sentences_2<=0.04511 alike_share<=0.2262
to_article<=7.5 -0.0118 -0.0561 kind<=2.5 0.0143 depth<=15.5 page_unlinked<=0.8965 -0.0232 0.00441 0.00814
alike_share<=0.06842 kind<=1e-35 -0.0217 0.0169 to_related<=4.5 -0.00563 closed<=1e-35 0.00712 kind<=5.5
0.061 -0.00136 in_most<=1e-35 page_unlinked<=0.2016 0.00467 to_article<=4.5 -0.00582 -0.0607 chrome<=1e-35
size<=4.357 -0.00919 alike<=2.453 0.00146 page_thread<=1e-35 lines<=1.5 page_size<=15.84 to_author<=1.5
-0.00169 0.0605 -0.00193 -0.000176 page_size<=14.07 0.0174 -0.015 -0.0287 sentences_1<=1e-35
to_article<=6.5 unlinked_2<=0.9597 -0.0141 0.0129 in_half<=1e-35 -0.0579 size_at+1<=4.931 -0.0217 0.0112
in_half<=1e-35 -0.0131 to_related<=4.5 -0.00442 closed<=1e-35 kind<=1e-35 -0.00778 0.0178 to_consent<=8.5
-0.000292 row_share<=0.9978 0.0583 -0.000606 in_half<=1e-35 page_sentences<=7.679 0.00499 to_article<=4.5
-0.00388 -0.057 closed<=1e-35 sentences_3<=0.4614 to_body<=11.5 page_unlinked<=0.9318 -0.0292 0.00355
0.00331 0.0174 page_size<=15.51 alike<=1.292 -0.00298 to_meta<=1e-35 -0.00202 under_related<=0.1548 0.0555
-0.00209 -0.00646 sentences_2<=0.04511 in_half<=1e-35 to_article<=6.5 -0.00409 to_toc<=4.5 0.00108 -0.0574
alike_text<=0.1374 -0.0217 0.0128 alike<=2.453 around<=0.8826 -0.0162 0.00577 lines<=5.5 linked<=0.5463
page_size<=15.51 figures<=0.4317 0.0553 -0.00138 -0.00156 -0.00175 -0.00419 in_half<=1e-35
page_sentences<=7.679 0.00592 alike_share<=0.4262 -0.0533 -0.000767 alike_share<=0.05231
sentences_2<=0.5616 from_heading<=1e-35 0.00303 -0.0278 0.0148 page_thread<=1e-35 page_size<=15.44
says_author<=0.0482 to_related<=4.5 -0.00125 0.0542 -0.00173 -0.00523 page_size<=14.07 0.0122 -0.0137
in_half<=1e-35 to_article<=6.5 alike_share<=0.05231 -0.0112 0.0114 page_sentences<=7.679 0.00131 -0.0533
alike_share<=0.05231 size_at+1<=5.19 -0.0254 0.0112 from_heading<=49.5 to_related<=4.5 -0.00193
to_consent<=8.5 -0.00157 copies<=3.5 alike_unlinked<=0.9144 0.00305 0.0534 -0.00188 0.00236 chrome<=1e-35
in_most<=1e-35 page_sentences<=7.679 0.00396 -0.0289 alike_share<=0.2764 size_at-1<=4.285 -0.0119
alike<=1.292 -0.00608 copies<=3.5 0.0255 -0.00278 row_share<=0.9903 lines<=4.5 page_most_unlinked<=0.5006
-0.00104 0.0509 -0.00233 -0.000326 alike_share<=0.2934 -0.0519 -0.00494 sentences_1<=1e-35 to_article<=7.5
alike_text<=0.05554 -0.0159 alike_text<=0.6433 0.02 -0.0116 alike_text<=0.4433 -0.0481 0.00571
alike<=2.696 unlinked_2<=0.9458 -0.0178 0.00498 page_thread<=1e-35 to_related<=5.5 -0.00238 kind<=4.5
0.0491 -0.000937 page_sentences<=13.16 0.0125 -0.0137 sentences_2<=0.0997 to_article<=8.5 alike<=3.391
-0.0158 to_li<=3.5 -0.00781 0.0191 page_unlinked<=0.9377 words<=88.5 after<=23.74 -0.0463 0.00149 0.00379
0.00145 alike<=2.453 words<=18.5 -0.0144 0.00971 home<=1e-35 -0.0003 figures<=0.4317 0.049 -0.000939
alike_share<=0.2934 chrome<=1e-35 home<=7.5 in_most<=1e-35 page_most<=1.661 0.00616 -0.0194
to_section<=7.5 -0.00298 0.0288 -0.0246 -0.0478 to_comment<=1.5 -0.0131 unlinked_0<=0.7611 -0.0027
page_long<=6.82 lines<=5.5 to_foot<=4.5 -0.00174 0.0509 -0.00223 -0.00221 alike_share<=0.2934
sentences_2<=0.5616 page_unlinked<=0.2584 home<=4.5 0.0158 -0.0128 depth<=18.5 kind<=3.5
page_sentences<=14.76 -0.0435 0.00126 0.00224 -0.00286 row_count<=1e-35 -0.0105 0.0213
sentences_before<=0.8868 to_comment<=2.5 -0.00199 home<=1e-35 -0.00181 0.049 -0.00676 in_half<=1e-35
to_article<=6.5 alike_text<=0.0799 -0.0117 0.0121 -0.0466 alike_share<=0.05231 home<=4.5 0.0128 -0.0217
page_thread<=1e-35 sentences_before<=0.9732 home<=11.5 page_long<=6.82 page_blocks<=9.443 dated<=1e-35
0.0477 -0.000963 -0.000529 -0.00257 -0.0031 -0.00515 -0.00113 in_half<=1e-35 page_sentences<=7.679 0.00737
to_article<=4.5 -0.00148 to_toc<=6.5 0.00153 -0.0485 depth_in_most<=3.5 to_related<=5.5 -0.00378
alike_share<=0.005081 -0.00129 lines<=1.5 0.0473 -0.000902 alike_share<=0.05231 home<=4.5 0.00346 -0.0244
sentences_before<=0.681 0.0229 -0.00755 sentences_3<=0.04598 alike_share<=0.1953 page_unlinked<=0.2584
-0.00122 -0.0416 depth_in_most<=8.5 page_unlinked<=0.8965 -0.0202 0.00752 0.0142 alike<=2.453
unlinked_2<=0.9458 -0.0181 0.00439 page_thread<=1e-35 to_related<=5.5 -0.0042 size<=4.357 -0.000306 0.0437
page_long<=4.044 0.00876 -0.00999 in_half<=1e-35 page_sentences<=7.679 0.00843 after<=6.907 words<=85.5
-0.0445 0.00167 -0.0015 sentences_3<=0.4614 words<=9.5 -0.0189 from_heading<=10.5 0.0199
page_sentences<=12.15 0.0088 -0.0153 position<=0.8699 linked_at+1<=0.9646 page_sentences<=15.38 0.0429
-0.00207 -0.00127 -0.00507 sentences_2<=0.0997 to_article<=8.5 alike_text<=0.05554 -0.0153
page_long<=4.977 0.025 -0.00969 alike_text<=0.4433 depth_in_most<=17.5 to_toc<=7.5 0.000733 before<=21.47
-0.0452 0.000127 0.00313 0.00726 around<=0.8826 -0.0057 alike_text<=0.01048 -0.00204 page_sentences<=15.38
0.0418 -0.00289 in_most<=1e-35 to_article<=7.5 page_unlinked<=0.7801 0.00905 -0.0123 -0.0444
sentences_3<=0.4614 alike_share<=0.05231 -0.0183 page_size<=14.07 punctuation<=0.309 0.0195 -0.00482
page_thread_url<=1e-35 0.00639 -0.0141 to_meta<=1e-35 -0.00493 page_long<=6.82 size<=3.754 -0.00247 0.0412
-0.00351 chrome<=1e-35 alike_text<=0.1374 kind<=1e-35 -0.02 in_most<=1e-35 -0.00858 size_at-1<=4.044
-0.00374 0.0217 position<=0.7897 kind<=3.5 to_consent<=5.5 -0.00273 from_heading<=34.5 0.0453 0.00388
-0.00217 -0.00356 unlinked_2<=0.9745 -0.0427 page_sentences<=7.679 0.0113 -0.0115 alike_share<=0.2934
in_half<=1e-35 page_sentences<=7.679 0.00665 to_toc<=6.5 0.000883 -0.0419 words<=4.5 page_sentences<=13.21
-0.0221 0.00412 sibling_at+1<=1e-35 page_most_unlinked<=0.886 -0.0155 0.00547 0.0217 to_comment<=1.5
-0.0118 closed<=1e-35 -0.00124 page_sentences<=15.38 0.0429 -0.00323 in_half<=1e-35 to_article<=6.5
alike_text<=0.02922 -0.0107 0.0115 to_toc<=6.5 0.00355 -0.0408 words<=4.5 home<=4.5 0.0074 -0.0191
from_heading<=27.5 position<=0.7416 to_meta<=1e-35 -0.00332 alike<=1.292 -0.000378 0.0391 0.000787
page_most<=7.093 0.0109 -0.0111 chrome<=1e-35 alike_text<=0.1374 home<=7.5 around<=0.8826 -0.0075 0.0162
-0.0213 sentences_before<=0.8868 home<=1e-35 -0.00176 page_long<=6.82 row_share<=0.9978 0.0411 -0.00227
-0.00213 -0.000467 unlinked_2<=0.9597 words<=71.5 -0.0419 0.00187 to_article<=7.5 0.0105 -0.0106
closed<=1e-35 chrome<=1e-35 unlinked_1<=0.9666 page_unlinked<=0.5005 0.00516 -0.0185 0.00496 -0.0393
sentences_before<=0.7593 from_title<=1e-35 -0.00481 copies<=3.5 to_consent<=8.5 -0.00235 to_related<=4.5
-0.00223 0.0439 -0.00312 before<=8.077 from_title<=15.5 0.00301 -0.0233 0.00844 in_half<=1e-35
to_article<=6.5 alike_text<=0.04118 -0.00963 0.0126 to_toc<=6.5 0.00334 -0.0393 closed<=1e-35
depth_in_most<=3.5 kind<=1e-35 -0.00531 0.0162 -0.0162 from_title<=110.5 page_stated<=1e-35 0.0406
-0.00279 alike_text<=0.335 -0.00818 page_size<=15.51 0.0157 -0.00655 chrome<=1e-35 alike_share<=0.2934
kind<=1e-35 page_long<=1e-35 0.00394 -0.0219 size_at-1<=4.044 -0.00506 page_han<=0.00142 0.023 -0.00518
alike_unlinked<=0.9144 -0.0062 lines<=3.5 page_sentences<=15.38 0.0384 -0.00373 -0.00484 words<=36.5
-0.0372 page_long<=5.229 0.0113 -0.00983 sentences_3<=0.08834 row_share<=0.9136 from_heading<=2.5
alike_text<=0.1374 -0.0112 0.0138 to_article<=6.5 -0.004 -0.0386 0.00465 unlinked_1<=0.9147
row_count<=2.161 -0.016 0.00633 to_related<=4.5 -0.00587 alike_text<=0.006493 -0.00332 to_consent<=6.5
-0.0038 kind<=4.5 0.0375 -0.0019 alike_text<=0.1374 unlinked_3<=0.8857 to_toc<=6.5 0.00471 -0.0359
kind<=1e-35 -0.0141 size_at-1<=4.044 -0.00569 0.0186 to_li<=3.5 after<=1.294 -0.0197 0.0122
row_share<=0.9978 page_size<=15.44 position<=0.8699 under_related<=0.09545 0.0405 -0.00246 -0.00247
-0.00389 -0.00539 in_most<=1e-35 page_sentences<=7.679 0.00956 size<=8.428 -0.0357 6.97e-05 size<=4.357
-0.0139 page_most_unlinked<=0.7921 to_body<=2.5 0.00755 -0.0124 to_comment<=2.5 -0.00559
page_most_unlinked<=0.9881 stated<=-1e-35 under_related<=0.1144 0.0364 -0.00326 -0.00275 page_most<=8.486
0.00784 -0.00976 alike_share<=0.2934 size_at+1<=5.57 page_unlinked<=0.2584 -0.000498 to_ad<=9.5 0.00233
page_sentences<=14.62 -0.033 0.000663 in_half<=1e-35 -0.0115 page_thread_url<=1e-35 alike<=1.292 -0.00229
0.0224 -0.00568 sentences_before<=0.7593 closed<=1e-35 -0.00137 0.0378 before<=13.49 -0.0134 0.0077
closed<=1e-35 chrome<=1e-35 kind<=1e-35 -0.0183 0.00876 -0.0344 text_before<=0.7789 to_comment<=1.5
-0.00839 to_consent<=10.5 -0.00455 row_share<=0.9903 under_related<=0.08712 from_title<=1e-35 -0.0011
blocks_2<=8.916 stated<=-1e-35 0.0409 -0.000398 -0.00223 -0.00383 -0.00246 -0.0115 alike_text<=0.1374
around<=0.9377 page_most_unlinked<=0.5006 -0.00104 -0.0307 from_heading<=10.5 0.0114 -0.00793
from_heading<=18.5 page_thread_url<=1e-35 under_related<=0.06066 page_size<=15.51 0.0377 -0.00126 -0.0028
page_long<=4.977 0.0107 -0.0107 page_size<=13.86 to_li<=3.5 -0.00586 0.0162 -0.0223 in_half<=1e-35
page_unlinked<=0.2584 0.00658 to_toc<=5.5 0.00512 -0.0307 depth_in_most<=3.5 to_related<=5.5 -0.00542
linked<=0.2224 kind<=4.5 0.0344 -0.00181 -0.000655 depth<=12.5 from_heading<=1.5 0.00486
page_blocks<=8.669 -0.0242 0.00405 closed<=1e-35 -0.00613 0.0179 closed<=1e-35 from_heading<=1e-35 0.00727
unlinked_1<=0.987 -0.0324 -0.00201 sentences_before<=0.7593 to_consent<=8.5 -0.00485 alike<=1.292 -0.00194
from_title<=-4.5 -0.00261 blocks_3<=8.914 page_size<=15.84 to_quote<=1e-35 -0.00146 0.0391 -0.000737
-0.00167 from_heading<=5.5 0.00479 -0.0172 alike_share<=0.05231 from_heading<=1e-35 0.00647 to_link<=4.5
0.000812 to_quote<=8 0.00239 to_toc<=2.5 0.00155 -0.0324 sentences_before<=0.681 page_thread<=1e-35
page_sentences<=14.81 from_title<=-4.5 -0.00251 says_comment<=0.0482 0.0356 -0.00183 -0.00137 -0.00152
from_heading<=7.5 0.00727 -0.0185 sentences_2<=0.0997 row_share<=0.8975 from_heading<=1.5 0.00344
page_blocks<=9.692 kind<=3.5 -0.033 0.00236 0.00147 row_share<=0.9978 0.0133 -0.00927 unlinked_2<=0.8804
-0.00637 lines<=1e-35 linked<=0.2502 in_most<=1e-35 -0.00261 to_related<=4.5 -0.00254 0.0361 -0.00386
-0.00424 unlinked_2<=0.8804 to_article<=7.5 -0.00184 to_toc<=7.5 0.00193 -0.0315 sibling_at+1<=1e-35
alike_share<=0.3844 page_most_unlinked<=0.886 -0.0196 0.00119 0.0111 page_size<=15.43 row_share<=0.9978
position<=0.8539 lines<=1.5 to_comment<=1.5 -0.00227 0.0358 -0.00194 -0.00259 -0.00388 -0.00502
chrome<=1e-35 alike_text<=0.1374 home<=7.5 kind<=1e-35 -0.00654 0.0154 -0.0191 depth<=6.5 -0.00425
home<=1e-35 -0.00394 row_share<=0.9978 0.0309 -0.00335 unlinked_2<=0.9597 to_toc<=5.5 0.00229 -0.0336
page_sentences<=7.679 0.0118 to_card<=4.5 -0.0151 0.00746 chrome<=1e-35 alike<=2.453 -0.0119
page_thread<=1e-35 kind<=4.5 sentences_before<=0.9069 dated<=1e-35 to_author<=1.5 -0.0017 0.0329 -0.00299
0.000319 -0.00534 position<=0.4522 0.00471 -0.0148 alike_share<=0.05231 -0.0308 depth_in_most<=8.5
row_up<=1e-35 0.00746 -0.0167 0.0113 chrome<=1e-35 in_most<=1e-35 -0.0111 page_thread_url<=1e-35
to_related<=5.5 -0.00703 kind<=4.5 row_share<=0.9978 stated<=-1e-35 0.0338 -0.00216 -0.00284 -0.00626
page_size<=14.07 words<=5.5 -0.00515 0.0154 -0.0192 unlinked_2<=0.9597 -0.03 to_card<=4.5 -0.00862 0.00946
in_most<=1e-35 page_sentences<=9.859 0.00691 -0.0297 page_thread_url<=1e-35 alike<=2.696 -0.00605
page_size<=15.44 kind<=4.5 page_most_unlinked<=0.527 -0.00417 page_thread<=1e-35 sentences_before<=0.9407
0.0365 -0.000695 -0.00282 -0.00472 -0.00624 page_blocks<=7.581 0.00928 row_up<=7.5 -0.0223 0.00467
chrome<=1e-35 sentences_before<=0.6195 closed<=1e-35 kind<=1e-35 -0.00843 sentences_before<=0.01072
-0.00394 0.0129 unlinked_3<=0.9998 to_head<=1e-35 -0.00151 0.029 -0.000568 alike_share<=0.519 kind<=1e-35
-0.0172 0.00195 page_most<=7.093 0.0126 -0.0047 unlinked_2<=0.9745 -0.0284 0.000348 sentences_1<=0.1395
to_article<=8.5 alike_text<=0.02922 -0.00902 row_share<=0.7422 0.022 row_share<=0.8975 -0.0142 0.00949
row_share<=0.7422 words<=88.5 to_toc<=9.5 0.00145 -0.0323 0.00326 row_share<=0.9978 0.00846 -0.0106
text_before<=0.7582 lines<=1e-35 0.0259 -0.00194 -0.00417 closed<=1e-35 to_head<=1e-35 0.00249
unlinked_2<=0.9705 -0.0247 blocks_1<=1.792 -0.00759 0.00554 from_title<=82.5 in_half<=1e-35 to_card<=4.5
-0.00635 0.00755 kind<=4.5 0.0305 -0.0017 page_long<=3.391 0.00918 to_li<=1e-35 0.00505
sentences_1<=0.9979 -0.0208 0.00376 alike_share<=0.2934 size_at+1<=5.57 to_link<=4.5 0.00316 to_toc<=7.5
0.002 -0.0266 in_most<=1e-35 -0.00882 size_at-1<=4.044 -0.00292 0.0165 from_heading<=18.5 closed<=1e-35
-0.00111 page_size<=15.51 to_consent<=6.5 -0.00239 0.0323 -0.00222 page_size<=13.86 0.0102 -0.0156
from_heading<=11.5 alike_text<=0.04118 alike<=2.453 -0.0173 0.00551 under_related<=0.08712 depth<=6.5
-0.00262 to_meta<=1e-35 -0.0045 blocks_2<=1.292 -0.00061 0.0305 -0.00611 page_sentences<=7.679
page_most<=6.852 0.0109 -0.00602 sentences_1<=0.1659 depth<=17.5 -0.0306 -0.000414 0.0036 closed<=1e-35
from_heading<=1e-35 0.00788 unlinked_1<=0.9984 page_most<=1.661 0.00151 to_toc<=2.5 0.00188 -0.03
to_section<=7.5 -0.00912 0.00604 from_title<=82.5 from_heading<=25.5 alike_text<=0.03572 -0.000372 0.0299
-0.00247 page_long<=3.391 0.00837 to_li<=1e-35 0.00533 -0.0157 sentences_2<=0.0997 to_article<=6.5
to_side<=11.5 -0.00767 0.0115 row_share<=0.9136 page_sentences<=13.85 to_link<=4.5 0.000804 -0.0324
0.00128 row_share<=0.9978 0.0105 -0.00723 home<=8.5 depth<=6.5 -0.00309 to_body<=1e-35 -0.00208 0.0277
alike_share<=0.325 -0.0125 0.00638 sentences_2<=0.0997 row_share<=0.8975 from_heading<=1.5 alike<=2.161
-0.00808 0.0122 page_unlinked<=0.9164 page_blocks<=9.692 depth_in_most<=18.5 -0.0302 0.00175 0.00206
0.00384 row_share<=0.9978 0.0123 -0.00682 alike<=2.453 -0.00452 page_most_unlinked<=0.9779
linked_at+1<=0.1234 0.0268 -0.00157 -0.00195 after<=1.294 to_article<=7.5 page_long<=5.022
text_before<=0.7154 0.0169 -0.00401 -0.00897 page_blocks<=6.16 0.00275 depth_in_most<=17.5 -0.0279 0.00312
sentences_3<=0.4614 depth<=15.5 sentences_before<=0.3575 0.0032 -0.0151 0.00834 depth<=6.5 -0.00238
to_consent<=6.5 -0.00429 0.0279 sentences_before<=0.681 alike_share<=0.04175 sentences_before<=1e-35
-0.0175 kind<=1e-35 -0.00703 0.0117 to_consent<=8.5 -0.00514 depth<=6.5 -0.00128 home<=11.5 0.0284
-0.00253 page_unlinked<=0.5005 0.00807 sentences_2<=0.9616 to_toc<=5.5 0.00194 to_article<=1.5 0.00111
-0.0275 0.000237 from_heading<=7.5 text_before<=0.8198 page_thread_url<=1e-35 to_related<=6.5 -0.00248
kind<=4.5 copies<=3.5 text_before<=0.02795 -0.00181 0.0323 -0.00159 -0.00331 to_post<=5.5 0.00451 -0.0118
-0.00971 depth<=17.5 sentences_2<=0.4437 to_meta<=7.5 0.00204 -0.0282 0.00314 0.00646 closed<=1e-35
from_heading<=1e-35 0.00695 unlinked_1<=0.9998 page_blocks<=9.692 -0.025 0.00116 -0.00132
text_before<=0.5257 alike<=1.292 -0.00158 from_heading<=19.5 0.0284 0.000621 alike_unlinked<=0.9928
capitals<=0.1844 0.00994 -0.00451 from_title<=27.5 0.00385 sentences_1<=0.954 -0.0171 0.00287
closed<=1e-35 from_heading<=1e-35 0.00712 depth<=17.5 page_unlinked<=0.9377 page_most<=1.661 0.00183
-0.0233 0.0017 0.00181 from_title<=66.5 from_heading<=30.5 0.0273 -0.00266 page_long<=3.391 0.0075
page_most<=8.098 sentences_2<=0.9989 depth<=13.5 -0.0208 0.00109 0.00391 0.00394 from_heading<=7.5
alike<=2.161 alike_share<=0.09024 -0.0139 0.00563 page_thread_url<=1e-35 position<=0.8699 home<=9.5 0.0287
-0.00333 -0.00266 -0.00532 row_share<=0.8556 after<=21.55 to_toc<=5.5 0.00277 page_unlinked<=0.2016
0.00201 -0.0276 0.00289 page_size<=14.58 0.0104 -0.00777 from_heading<=7.5 alike<=2.696 from_title<=34.5
0.00713 -0.0152 page_thread_url<=1e-35 to_related<=8.5 -0.000638 to_nav<=3.5 -0.00209 sentences_0<=0.2254
0.0294 -0.00197 -0.00419 page_sentences<=7.679 to_nav<=11.5 -0.00768 0.0138 sentences_3<=0.4614
row_up<=9.5 -0.026 0.00168 0.0022 in_half<=1e-35 page_most_unlinked<=0.5006 0.00425 -0.0219 words<=3.5
-0.00876 depth<=6.5 -0.0073 page_size<=14.07 copies<=3.5 page_most<=8.514 kind_at+1<=4.5 0.0285 -0.00187
-0.00218 -0.00429 page_size<=14.17 -0.017 to_body<=1e-35 -0.00589 sentences_before<=0.9732 0.0181 -0.00359
unlinked_2<=0.9256 alike_text<=0.4433 to_toc<=7.5 0.00399 row_count<=4.426 page_most<=1.661 0.00317
-0.0253 0.00243 0.00792 from_title<=82.5 alike_share<=0.01409 -0.00352 page_stated<=1e-35 0.0243 -0.0031
page_article<=1e-35 depth<=15.5 sentences_2<=0.9989 -0.0229 0.00257 0.00328 0.00668 words<=3.5 -0.018
from_heading<=7.5 alike<=1.292 -0.00732 page_thread_url<=1e-35 kind<=4.5 to_card<=1e-35 -0.00145
says_mail<=0.03054 0.0321 -0.00147 -0.00593 to_post<=5.5 0.00588 -0.0112 page_long<=4.781 row_size<=7.086
-0.00877 0.0105 from_title<=62.5 0.00465 -0.0185 closed<=1e-35 size_at+1<=6.762 to_link<=4.5 0.00281
depth<=17.5 row_count<=5.022 -0.0232 0.00106 0.00246 0.00291 alike_unlinked<=0.9928 depth<=7.5 -0.00121
to_foot<=10.5 -0.00263 0.0252 sentences_2<=0.4437 depth<=15.5 page_size<=11.88 0.00353 -0.0182 0.00615
0.012 sentences_before<=0.681 alike_text<=0.1374 sentences_before<=1e-35 -0.0149 home<=8.5 0.0125 -0.00771
depth<=5.5 -0.00513 to_consent<=8.5 -0.00405 alike<=7.439 dated<=1e-35 0.0298 -0.00216 -0.00243
page_unlinked<=0.3565 0.00764 before<=20.47 to_meta<=5.5 -0.00123 -0.0242 0.00402 sentences_before<=0.681
from_title<=1e-35 -0.0159 words<=3.5 -0.00399 page_thread<=1e-35 depth<=5.5 -0.00272 copies<=3.5
home<=10.5 0.0297 -0.00276 -0.00291 -0.00103 page_sentences<=7.679 0.0091 after<=1.294 from_title<=12.5
0.00261 to_article<=1.5 0.00203 -0.0273 0.000574 unlinked_1<=0.9382 page_unlinked<=0.2584 blocks_3<=6.033
0.01 -0.00417 from_heading<=1e-35 0.00165 to_quote<=8 0.0018 -0.0207 from_title<=78.5 from_heading<=25.5
around<=0.7222 -0.00218 kind_at+1<=4.5 0.0223 -0.00175 -0.00211 sentences_before<=0.5006 0.00631
to_caption<=9.5 0.00302 -0.0136 closed<=1e-35 chrome<=1e-35 kind<=1e-35 -0.0135 depth_in_most<=6.5 0.0127
-0.00336 -0.0203 position<=0.7416 to_comment<=1.5 -0.00603 under_related<=0.02671 stated<=-1e-35
to_consent<=6.5 -0.00294 to_author<=1.5 -0.0024 0.0238 -0.00325 -0.00397 page_unlinked<=0.4737 0.00431
-0.0103 sentences_2<=0.0997 to_article<=6.5 alike<=3.391 -0.00639 alike_share<=0.6779 0.0158 -0.00516
page_most_unlinked<=0.9278 page_sentences<=7.679 0.00329 -0.0266 punctuation<=1e-35 -0.0089 0.0112
unlinked_0<=0.9992 -0.0059 unlinked_3<=0.6816 -0.00397 page_most_unlinked<=0.9908 alike_share<=0.01626
-0.000613 0.0244 -0.00354 sentences_before<=0.6195 words<=3.5 -0.0112 to_consent<=8.5 -0.00466
to_body<=1e-35 -0.00142 to_nav<=1.5 -0.00254 home<=11.5 0.026 -0.00269 page_sentences<=7.679 0.00938
sentences_3<=0.9624 page_unlinked<=0.4737 0.00318 page_unlinked<=0.9164 row_up<=8.5 -0.0293 0.00249
0.000474 0.000688 unlinked_1<=0.9529 to_link<=4.5 0.00792 alike_share<=0.519 page_long<=1e-35 0.00285
-0.0217 0.00358 alike_unlinked<=0.9952 page_long<=6.681 home<=8.5 0.023 -0.00225 -0.00408 page_long<=4.833
text_before<=0.7789 0.0112 -0.00456 to_li<=1e-35 0.00471 blocks_3<=7.039 -0.021 0.00307
sentences_before<=0.5778 from_title<=1e-35 -0.0151 words<=3.5 -0.00319 to_consent<=8.5 -0.00488
says_author<=0.05032 page_most<=8.486 depth<=5.5 -0.00124 0.027 -0.000832 -0.00281 page_long<=2.161
0.00583 sentences_3<=0.9091 from_title<=8.5 0.00258 -0.0211 depth<=6.5 -0.00819 0.0078 from_heading<=5.5
text_before<=0.8198 page_thread_url<=1e-35 kind<=4.5 to_related<=6.5 -0.00264 text_before<=0.02795
-0.00177 0.0256 -0.00375 -0.00404 -0.00832 depth<=16.5 alike_share<=0.8258 to_caption<=9.5 0.00402
page_blocks<=9.627 to_article<=1.5 0.00338 -0.0265 0.00339 0.00466 0.00607 closed<=1e-35
from_heading<=1e-35 0.00598 to_toc<=8.5 0.0025 page_most<=1.661 0.00306 -0.0178 alike_unlinked<=0.9997
to_related<=8.5 -0.00456 under_comments<=0.1833 home<=8.5 to_foot<=10.5 -0.00181 0.0271 -0.00099 -0.0042
sentences_3<=0.8116 page_long<=3.643 0.00282 -0.0155 0.00973 text_before<=0.6228 from_title<=1e-35 -0.0131
page_thread_url<=1e-35 home<=7.5 says_author<=0.0482 page_size<=14.92 page_thread<=1e-35 blocks_3<=9.359
0.0281 -0.00154 -0.00154 7.75e-05 -0.00263 -0.00208 alike_text<=0.3109 -0.00962 0.00446 from_title<=31.5
0.00375 row_size<=9.274 -0.0171 -0.000889 unlinked_1<=0.9477 home<=5.5 alike_unlinked<=0.332
page_long<=3.643 0.0148 -0.0034 page_long<=4.209 -0.0128 0.00387 -0.0173 sibling_at+1<=1e-35
row_count<=3.522 to_mail<=11.5 -0.00573 0.00894 -0.0119 page_size<=15.44 page_thread<=1e-35 lines<=3.5
0.0253 -0.00273 -0.00208 -0.00655 alike_share<=0.2934 kind<=1e-35 to_hidden<=6.5 0.00375 to_link<=1.5
0.00193 -0.0214 sentences_3<=0.4614 home<=5.5 page_long<=4.781 0.00821 -0.00596 -0.0115 0.0137
page_size<=14.55 linked<=0.2502 page_stated<=1e-35 0.0251 -0.00328 -0.00426 sentences_before<=0.2498
0.00465 -0.011 sentences_before<=0.6012 punctuation<=0.05042 sentences_before<=0.006586 -0.0157 0.00623
alike<=1.292 -0.00339 lines<=1e-35 0.0219 -0.00314 page_sentences<=7.679 0.0082 blocks_1<=4.882 to_li<=1.5
in_half<=1e-35 -0.00551 0.00854 to_quote<=8 0.00156 to_link<=3.5 0.00119 -0.0225 0.00275
alike_share<=0.4262 page_thread_url<=1e-35 size_at-1<=4.833 to_toc<=7.5 0.00468 -0.0129 page_blocks<=7.811
-0.00145 0.0156 to_quote<=8 0.00309 lower<=1e-35 page_article<=1e-35 -0.0262 0.00112 0.00206
from_heading<=18.5 page_sentences<=14.81 0.0199 -0.00228 size_at-2<=5.108 0.00594 -0.0101
alike_text<=0.01048 -0.0166 from_heading<=5.5 text_before<=0.8198 page_han<=0.00142 kind<=4.5
row_share<=0.9878 0.0226 -0.0022 -0.00326 -0.00337 -0.00337 page_size<=13.86 alike_unlinked<=0.9682
page_size<=13.76 -0.0136 0.00546 row_share<=0.2082 -0.00223 0.0192 text_before<=0.2612 0.00372 -0.0186
alike_share<=0.4262 page_thread_url<=1e-35 in_most<=1e-35 page_long<=1.792 0.00755 -0.0166
row_share<=0.001236 -0.00565 page_blocks<=7.886 -0.000277 page_blocks<=9.443 0.0201 -0.00292 to_quote<=8
0.00385 -0.0203 page_size<=14.58 alike_unlinked<=0.9446 -0.00461 page_stated<=1e-35 0.0248 -0.00333
-0.0058 alike<=2.453 alike_text<=0.1653 -0.0175 0.0059 from_heading<=14.5 sentences_before<=0.8868
home<=11.5 to_meta<=1e-35 -0.00242 lines<=3.5 blocks_2<=8.916 0.0239 -0.00235 -0.00217 -0.00318 -0.00429
page_long<=3.391 blocks_2<=3.246 0.0112 -0.00503 sentences_2<=0.4437 -0.0165 0.00293 alike<=2.453
sentences_1<=0.4733 -0.0183 0.00375 sentences_before<=0.6195 from_title<=-4.5 -0.00755
says_comment<=0.02963 kind<=4.5 to_nav<=1.5 -0.00255 blocks_3<=9.359 0.0234 -0.00237 -0.00276 -0.00335
sentences_3<=0.4614 page_sentences<=7.679 0.00661 -0.0149 depth<=6.5 -0.00532 0.00872 alike_text<=0.335
page_most<=6.651 page_size<=12.35 0.00319 to_li<=1e-35 0.000699 from_heading<=1e-35 0.000595
page_most<=1.661 0.00243 -0.0261 row_count<=1.792 -0.00778 0.0108 page_size<=14.58 to_nav<=3.5 -0.00431
page_stated<=1e-35 says_author<=0.06742 0.0256 -0.00281 -0.0033 -0.00797 words<=3.5 home<=4.5 0.00192
-0.0171 sentences_before<=0.4147 alike<=1.292 -0.00249 to_meta<=1e-35 -0.00259 0.0202 page_long<=3.391
page_blocks<=6.864 -0.00368 0.0114 to_li<=1e-35 0.00723 blocks_1<=4.781 page_sentences<=14.26 -0.0216
0.00108 page_sentences<=15.38 0.00778 -0.00603 closed<=1e-35 from_heading<=1e-35 0.00571 row_share<=0.905
page_blocks<=9.443 to_toc<=8.5 0.00231 -0.0212 0.00221 0.00072 from_title<=82.5 capitals<=0.2011
stated<=-1e-35 kind_at-1<=3.5 to_comment<=1.5 -0.0019 0.0236 -0.00193 -0.00254 -0.00207 page_blocks<=7.405
0.00636 -0.00752 alike_text<=0.01048 -0.0141 sentences_before<=0.3409 around<=0.4462 -0.00421
to_consent<=10.5 -0.00253 home<=11.5 depth<=5.5 -0.00157 0.0221 -0.00202 page_unlinked<=0.8069
page_han<=0.1169 to_section<=4.5 -0.00342 0.0125 -0.00649 to_caption<=9.5 0.0067 home<=2.5 -0.0188
0.000811 alike_share<=0.4262 depth<=18.5 to_link<=4.5 0.0075 page_article<=1e-35 lower<=1e-35
page_long<=1e-35 0.00107 -0.0258 0.00409 row_size<=3.476 -0.00971 kind<=4.5 0.0126 -0.00487 0.00797
page_long<=5.392 page_stated<=1e-35 closed<=1e-35 -0.00211 0.0197 -0.00335 -0.00514 from_heading<=7.5
alike<=3.391 from_title<=27.5 0.00548 alike_text<=0.2615 -0.0129 0.00376 to_section<=7.5 -0.00186
says_related<=0.05595 0.0205 -0.00195 depth<=16.5 sentences_3<=0.4614 to_meta<=7.5 0.00206
page_unlinked<=0.9164 -0.0244 0.0027 depth<=6.5 -0.00646 0.00738 0.00556 alike_text<=0.335
page_most_unlinked<=0.886 page_sentences<=7.679 0.00685 page_most<=6.651 sentences_1<=0.9174 -0.0242
0.00231 -6.65e-05 linked_at+1<=0.9006 alike_text<=0.005628 -0.00422 to_caption<=2.5 -0.00403
under_comments<=0.1833 0.0196 -0.00339 -0.0101 alike<=5.82 says_author<=0.05608 0.0203 -0.00335 -0.00569
linked_at+1<=0.6485 to_section<=7.5 sentences_3<=0.9091 page_sentences<=13.85 -0.0172 0.00358 0.00697
alike_text<=0.006493 -0.00742 depth<=7.5 -0.00186 under_comments<=0.225 stated<=-1e-35 page_han<=0.5705
to_mail<=2.5 -0.0015 0.0268 -0.00246 -0.0058 -0.00349 to_article<=7.5 0.00127 -0.0163
sentences_before<=0.6012 from_title<=1e-35 -0.0125 alike_text<=0.01048 -0.00404 page_most<=8.486
to_section<=7.5 -0.00128 dated<=1e-35 depth<=5.5 -0.00159 0.0244 -0.00205 -0.00294 page_sentences<=7.679
0.00795 sentences_3<=0.8116 page_unlinked<=0.4737 0.00273 -0.0193 depth<=7.5 -0.00668 0.00717
from_heading<=5.5 alike<=4.285 size_at+1<=5.476 size<=9.067 -0.0103 0.00392 0.00629 home<=1e-35 -0.0023
0.018 row_share<=0.8556 depth<=16.5 before<=40.34 page_blocks<=9.692 -0.021 0.00265 0.00317 0.00241
page_sentences<=13.16 0.0105 position<=0.3556 0.00427 -0.00964 text_before<=0.7789 closed<=1e-35
to_head<=1e-35 0.00676 page_most<=7.29 page_sentences<=9.859 0.00182 -0.0153 0.00208 says_mail<=0.01117
to_comment<=1.5 -0.0037 row_share<=0.9878 home<=11.5 page_thread<=1e-35 0.0206 -0.000476 -0.00179 -0.00236
-0.00374 before<=15.96 -0.0146 0.0015 text_before<=0.5257 from_title<=1e-35 -0.00976 says_comment<=0.0458
row_size<=9.356 under_related<=0.02671 copies<=3.5 under_comments<=0.1833 0.0226 -0.00136 -0.00151 -0.0029
0.000151 -0.00468 depth<=15.5 page_blocks<=7.919 page_blocks<=6.16 0.00278 -0.0203 before<=3.872 -0.00746
0.00645 0.00573 alike<=2.453 alike_text<=0.1653 -0.0152 0.00615 page_thread_url<=1e-35 lines<=1e-35
to_comment<=11.5 -0.00573 to_nav<=3.5 -0.00603 page_sentences<=15.38 page_stated<=1e-35 blocks_2<=8.916
under_related<=0.08013 0.0244 -0.00246 -0.00301 -0.00325 -0.00446 -0.00977 alike_share<=0.3844 -0.0126
0.00623 from_heading<=5.5 home<=7.5 text_before<=0.8198 alike<=1.292 -0.00353 blocks_3<=8.79 0.0219
-0.00177 -0.00457 -0.00795 page_size<=13.86 row_size<=7.179 page_most_unlinked<=0.4224 0.0045
around<=0.9537 -0.0146 0.00226 figures<=0.1974 0.0127 -0.00217 sentences_before<=0.2498 0.0049 -0.0196
from_heading<=6.5 alike<=3.522 from_title<=31.5 0.00618 alike_text<=0.2615 page_sentences<=13.74 -0.0157
0.00275 0.00354 text_before<=0.8381 home<=9.5 0.0173 -0.00214 -0.00174 to_article<=1.5 0.00627
page_sentences<=7.679 0.00491 sentences_3<=0.9688 size_at-2<=2.696 0.00222 -0.0204 0.000341
"""
