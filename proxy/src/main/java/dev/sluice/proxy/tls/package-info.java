/**
 * TLS contexts: made on the configuration thread from specs and secrets, replaced when a secret
 * changes, used by all loops.
 */
@NullMarked
package dev.sluice.proxy.tls;

import org.jspecify.annotations.NullMarked;
