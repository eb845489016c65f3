package dev.sluice.control.change;

import com.google.protobuf.ByteString;
import dev.sluice.control.change.EventStore.Head;
import java.util.Optional;

/**
 * Port: images of the state, kept beside the log, so that a start need not read all of it. The log
 * is whole without them. Calls block. Owned by one thread at a time.
 */
public interface ImageStore extends AutoCloseable {
    /** Keeps none. */
    ImageStore NONE =
            new ImageStore() {
                @Override
                public Optional<Image> newest(String form) {
                    return Optional.empty();
                }

                @Override
                public void keep(Image image) {}

                @Override
                public void close() {}
            };

    /**
     * The newest whole image of a form.
     *
     * @throws StoreException when there may be one and it can't be read
     */
    Optional<Image> newest(String form);

    /**
     * Keeps an image in place of all that are older. It is written in small parts, so that commands
     * are not held up; a crash on the way leaves the older ones.
     *
     * @throws StoreException when it can't be kept
     */
    void keep(Image image);

    @Override
    void close();

    /**
     * The state at one place of the log.
     *
     * @param head the last event that is in it
     * @param form what programs that can read it have in common
     */
    record Image(Head head, String form, ByteString content) {}
}
