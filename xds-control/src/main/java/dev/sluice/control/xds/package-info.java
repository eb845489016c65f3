/**
 * Publisher over Envoy xDS (java-control-plane's ADS server), the gate stream, evidence and load
 * reports.
 */
@NullMarked
package dev.sluice.control.xds;

import org.jspecify.annotations.NullMarked;
