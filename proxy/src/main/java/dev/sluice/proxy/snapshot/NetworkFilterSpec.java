package dev.sluice.proxy.snapshot;

/** The terminal network filter of a chain. */
public sealed interface NetworkFilterSpec permits HttpConnectionManagerSpec {}
