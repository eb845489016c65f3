package dev.sluice.control.notify;

import dev.sluice.control.change.spec.SinkSpec.Destination;

/** Brings news to one kind of sink. Implementations are thread-safe; the call blocks. */
@FunctionalInterface
interface Courier<D extends Destination> {
    /** One attempt, ended after a bounded time. Whatever goes wrong is a receipt. */
    Receipt send(D destination, News news);
}
