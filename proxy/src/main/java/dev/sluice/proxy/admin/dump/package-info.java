/**
 * The configuration as it came, in the shapes of Envoy's {@code /config_dump} and without what is
 * secret. Pure.
 */
@NullMarked
package dev.sluice.proxy.admin.dump;

import org.jspecify.annotations.NullMarked;
