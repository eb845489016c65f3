/**
 * The sidecar whose applications do not know of it, in network namespaces of its own: netfilter
 * sends it their connections. Start at {@code TransparentIT}.
 */
@NullMarked
package dev.sluice.e2e.transparent;

import org.jspecify.annotations.NullMarked;
