/**
 * Keys of token providers that are fetched over the proxy's own clusters: one fetch for all that
 * wait. State belongs to the configuration thread; what filters read is thread-safe.
 */
@NullMarked
package dev.sluice.proxy.keys;

import org.jspecify.annotations.NullMarked;
