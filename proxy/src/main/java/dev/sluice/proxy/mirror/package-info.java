/**
 * Copies of requests for other clusters, beside the exchange that they are copies of. Read
 * MirrorTee first. Nothing here is waited for: what a mirror can't take in time is cut and counted.
 * Imports cluster, pool and exchange. Loop-owned.
 */
@NullMarked
package dev.sluice.proxy.mirror;

import org.jspecify.annotations.NullMarked;
