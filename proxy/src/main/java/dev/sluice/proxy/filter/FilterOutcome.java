package dev.sluice.proxy.filter;

/** What a chain of filters says about a request at first. Loop-owned. */
public sealed interface FilterOutcome permits FilterVerdict, FilterPause {}
