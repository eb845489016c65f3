/** Listeners, their filter chains and network filters. Immutable. */
@NullMarked
package dev.sluice.proxy.snapshot.listener;

import org.jspecify.annotations.NullMarked;
