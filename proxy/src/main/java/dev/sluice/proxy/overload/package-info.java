/**
 * What load is shed, and when: read by whoever accepts connections and requests. Thread-safe; only
 * {@link dev.sluice.proxy.overload.Overload#refresh} looks at anything, on the configuration
 * thread.
 */
@NullMarked
package dev.sluice.proxy.overload;

import org.jspecify.annotations.NullMarked;
