"""The golden file: nine scenes with all their seeds, scores, items, hashes, reports and exports.

It says whether a change of the code changed a number. Everything is driven through what stays when
modules move (commands, addresses of the browser) and read through exports and `reading`.

making: scenes and their pieces   what is made
reading                           how rows are read: adapt the way of reading, never the values
leaving                           what leaves the platform: exports, reports
normal                            what is no part of the comparison, and why
comparing, stored                 naming differences; the expectations on disk
releases: databases, opens        databases of earlier releases, and what today's code makes of them
write                             writes the expectations anew: python -m tests.golden_house.write
"""
