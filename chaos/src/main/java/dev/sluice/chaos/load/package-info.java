/** Sends requests and keeps their ledger. */
@NullMarked
package dev.sluice.chaos.load;

import org.jspecify.annotations.NullMarked;
