/**
 * The configuration as plain immutable records, whole: what {@link
 * dev.sluice.proxy.snapshot.ProxySnapshot} holds is in the packages below. Pure.
 */
@NullMarked
package dev.sluice.proxy.snapshot;

import org.jspecify.annotations.NullMarked;
