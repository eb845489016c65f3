/**
 * The whole system over real sockets: the control plane, sidecars as processes of their own, and,
 * in the interop profile, an unmodified Envoy.
 */
@NullMarked
package dev.sluice.e2e;

import org.jspecify.annotations.NullMarked;
