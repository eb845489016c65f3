/** Clusters, their endpoints, health checks, outlier detection and balancing as records. Pure. */
@NullMarked
package dev.sluice.proxy.resource.cluster;

import org.jspecify.annotations.NullMarked;
