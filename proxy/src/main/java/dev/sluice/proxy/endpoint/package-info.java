/**
 * Endpoints of a cluster: where they are, what they have to do, and whether they are fit for it.
 * Knows no policy. Immutable or thread-safe.
 */
@NullMarked
package dev.sluice.proxy.endpoint;

import org.jspecify.annotations.NullMarked;
