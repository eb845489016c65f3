package dev.sluice.proxy.fault;

import dev.sluice.proxy.observe.InjectedFault;

/** Is told of every fault that really changed something, when it did. Loop-owned. */
@FunctionalInterface
public interface FaultWitness {
    void injected(InjectedFault fault);
}
