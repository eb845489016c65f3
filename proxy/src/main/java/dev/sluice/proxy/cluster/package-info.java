/** Clusters in force: endpoints, load balancing, resolution. One view for each event loop. */
@NullMarked
package dev.sluice.proxy.cluster;

import org.jspecify.annotations.NullMarked;
