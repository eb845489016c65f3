/**
 * One stream of structure to one node: what it asks for, was sent, accepted and refused, and what
 * it may have next. Imports the snapshot and java-control-plane's watches; every type but the
 * stream is used under the stream's lock.
 */
@NullMarked
package dev.sluice.control.xds.structure;

import org.jspecify.annotations.NullMarked;
