package dev.sluice.proxy.gate;

/** What the gate step says about a request at first. Loop-owned. */
public sealed interface GateReply permits GateAnswer, WriteWait {}
