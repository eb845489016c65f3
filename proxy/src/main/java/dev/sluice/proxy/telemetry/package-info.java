/** Access log, metrics, evidence. Known to boot only. */
@NullMarked
package dev.sluice.proxy.telemetry;

import org.jspecify.annotations.NullMarked;
