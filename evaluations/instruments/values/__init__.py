"""Ten basic values that a free answer supports or opposes (FULCRA, arXiv 2311.10766): pure.

Map of the room:

==================  ==============================================================================
`circle`            the ten values in order, resultant and higher-order means of a vector
`items`, `labels`   the 54 items, labels as files write them, stances of the values
`targets`           vectors to compare with: source, year, scaling, what is our inference
`distances`         alignment across dimensions beside the published distances
`pvq`               the portrait questionnaire of 21 items, for people
==================  ==============================================================================
"""
