/** Clusters, their endpoints, health checks, outlier detection and balancing. Immutable. */
@NullMarked
package dev.sluice.proxy.snapshot.cluster;

import org.jspecify.annotations.NullMarked;
