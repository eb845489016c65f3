/**
 * Reads YAML and JSON documents into protobuf messages by their descriptors, and reports every
 * problem with its line and path; walks messages under the same paths. Start at DocumentReader.
 * Imports dev.sluice.contract. Immutable.
 */
@NullMarked
package dev.sluice.contract.document;

import org.jspecify.annotations.NullMarked;
