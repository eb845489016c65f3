/**
 * Experiments of the chaos module against a control plane and sidecars that run as processes. Start
 * at {@code Laboratory}.
 */
@NullMarked
package dev.sluice.e2e.chaos;

import org.jspecify.annotations.NullMarked;
