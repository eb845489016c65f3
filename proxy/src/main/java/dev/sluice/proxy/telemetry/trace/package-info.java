/**
 * Spans of finished exchanges and their way to collectors, off the request path; read SpanExporter
 * first.
 */
@NullMarked
package dev.sluice.proxy.telemetry.trace;

import org.jspecify.annotations.NullMarked;
