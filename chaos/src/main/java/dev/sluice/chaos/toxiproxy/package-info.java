/** A Toxiproxy-compatible server inside the process. */
@NullMarked
package dev.sluice.chaos.toxiproxy;

import org.jspecify.annotations.NullMarked;
