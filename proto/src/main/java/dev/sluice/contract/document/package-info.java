/**
 * Reads YAML and JSON documents into protobuf messages by their descriptors, and reports every
 * problem with its path. Imports dev.sluice.contract. Immutable.
 */
@NullMarked
package dev.sluice.contract.document;

import org.jspecify.annotations.NullMarked;
