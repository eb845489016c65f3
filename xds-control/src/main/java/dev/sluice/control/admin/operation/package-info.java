/** What takes long, over gRPC: operations that are begun by one call and looked at by others. */
@NullMarked
package dev.sluice.control.admin.operation;

import org.jspecify.annotations.NullMarked;
