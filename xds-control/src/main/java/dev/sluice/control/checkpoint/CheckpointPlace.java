package dev.sluice.control.checkpoint;

import dev.sluice.control.audit.Checkpoint;
import java.io.IOException;

/** Port: where checkpoints are kept, out of reach of who can write the log. Thread-safe. */
public interface CheckpointPlace extends AutoCloseable {
    /** What it is called in metrics: {@code folder} or {@code url}. */
    String kind();

    /**
     * Keeps a checkpoint. Blocks.
     *
     * @throws IOException when it is not kept; the message says why and names no secret
     */
    void put(Checkpoint checkpoint) throws IOException;

    @Override
    default void close() {}
}
