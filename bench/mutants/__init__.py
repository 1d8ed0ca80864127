"""Mutation testing: which small change of the rooms that must be right does no test notice?"""
