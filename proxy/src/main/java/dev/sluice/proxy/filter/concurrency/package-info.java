/** A limit of requests under way that follows their latency. Thread-safe. */
@NullMarked
package dev.sluice.proxy.filter.concurrency;

import org.jspecify.annotations.NullMarked;
