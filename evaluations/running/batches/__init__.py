"""The other way to ask: the next question of every trial of an endpoint in a file, for providers
that answer files at half the price, and their answers back.

A conversation goes turn by turn: a file holds one question of each trial, its import stores the
answers as those of calls are stored, and the next file holds what follows. Trials in a file are
leased to it, so that no worker asks the same; where no answer comes they are free again when the
lease ends, or when they are given back. Both ways may take turns in one run: nothing is asked twice
and no answer is lost, for an answer is taken as long as its question is the next one.
"""
