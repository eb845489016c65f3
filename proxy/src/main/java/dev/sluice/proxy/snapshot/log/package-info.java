/** Access logs as plain data: what a line shows, and which exchanges get one. Immutable. */
@NullMarked
package dev.sluice.proxy.snapshot.log;

import org.jspecify.annotations.NullMarked;
