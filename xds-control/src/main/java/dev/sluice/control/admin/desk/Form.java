package dev.sluice.control.admin.desk;

import com.google.protobuf.Message;
import dev.sluice.contract.Problems;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Resource;
import java.util.Optional;

/**
 * How one kind of resource stands on the wire: {@code M} is its message, {@code S} what a person
 * may say of it, {@code R} the resource as it is. Implementations are immutable.
 */
public interface Form<M extends Message, S, R extends Resource> {
    /** The message of a resource as it is. */
    M write(R resource, Catalog catalog);

    /**
     * What a message says, with all defaults of the contract; output-only fields are not read.
     *
     * @param at where the message stands in its request; gets all problems
     * @return empty exactly when a problem was added
     */
    Optional<S> read(M message, Problems at);
}
