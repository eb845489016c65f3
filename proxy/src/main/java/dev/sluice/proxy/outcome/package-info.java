/** What happened to an exchange, counted up while it lasts and told at its end. Loop-owned. */
@NullMarked
package dev.sluice.proxy.outcome;

import org.jspecify.annotations.NullMarked;
