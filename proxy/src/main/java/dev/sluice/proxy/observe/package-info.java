/** What is remembered of one exchange: an immutable record that telemetry formats. Immutable. */
@NullMarked
package dev.sluice.proxy.observe;

import org.jspecify.annotations.NullMarked;
