/**
 * The whole system over real sockets: the control plane, sidecars as processes of their own, and,
 * in the interop profile, real peers: {@link dev.sluice.e2e.Peer} finds them.
 */
@NullMarked
package dev.sluice.e2e;

import org.jspecify.annotations.NullMarked;
