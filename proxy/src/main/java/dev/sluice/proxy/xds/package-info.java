/**
 * Configuration from a management server: ADS, the gate stream, last good state. Known to boot
 * only.
 */
@NullMarked
package dev.sluice.proxy.xds;

import org.jspecify.annotations.NullMarked;
