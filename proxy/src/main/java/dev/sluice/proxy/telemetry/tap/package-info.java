/** Files of taps, written off the request path. Known to boot only. */
@NullMarked
package dev.sluice.proxy.telemetry.tap;

import org.jspecify.annotations.NullMarked;
