package dev.sluice.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** A real program that interop tests run, on this machine's own network either way. Immutable. */
sealed interface Peer {
    /** The longest that a program which ends by itself takes. */
    Duration LONGEST = Duration.ofMinutes(2);

    /** The peer of that name: in a container where an engine runs, else the installed program. */
    static Peer named(String name) {
        return Peers.HERE.named(name);
    }

    /**
     * Starts it.
     *
     * @param readyMark the first line of output that contains it says that it serves
     * @param arguments of the program
     * @param files what the arguments name
     */
    Spawned start(String readyMark, List<String> arguments, Path... files) throws IOException;

    /** Runs it to its end, for two minutes at most. */
    Ran run(List<String> arguments, Path... files) throws IOException;

    /**
     * A program of this machine.
     *
     * @param file executable
     */
    record Binary(Path file) implements Peer {
        @Override
        public Spawned start(String readyMark, List<String> arguments, Path... files)
                throws IOException {
            return Spawned.program(readyMark, command(arguments));
        }

        @Override
        public Ran run(List<String> arguments, Path... files) throws IOException {
            return Ran.program(command(arguments), LONGEST);
        }

        private List<String> command(List<String> arguments) {
            List<String> command = new ArrayList<>(List.of(file.toString()));
            command.addAll(arguments);
            return command;
        }
    }

    /**
     * An image whose entry point is the program, on the host's network: it listens on, and calls,
     * the same loopback addresses as the program, and no port is mapped. The files that arguments
     * name are copied to the same paths in it.
     *
     * @param image with its tag
     */
    record Container(String image) implements Peer {
        private static final int READABLE_BY_ALL = 0644;

        @Override
        public Spawned start(String readyMark, List<String> arguments, Path... files) {
            return Spawned.container(readyMark, container(arguments, files));
        }

        /** A container that fails says no more of its exit code than that: it is then 1. */
        @Override
        public Ran run(List<String> arguments, Path... files) {
            ToStringConsumer output = new ToStringConsumer();
            try (GenericContainer<?> container = container(arguments, files)) {
                container
                        .withLogConsumer(output)
                        .withStartupCheckStrategy(
                                new OneShotStartupCheckStrategy().withTimeout(LONGEST))
                        .start();
                return new Ran(0, output.toUtf8String());
            } catch (ContainerLaunchException e) {
                return new Ran(1, output.toUtf8String());
            }
        }

        /** What an engine is asked to run. */
        GenericContainer<?> container(List<String> arguments, Path... files) {
            GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image));
            container.withNetworkMode("host").withCommand(arguments.toArray(String[]::new));
            for (Path file : files) {
                String path = file.toAbsolutePath().toString();
                container.withCopyFileToContainer(
                        MountableFile.forHostPath(path, READABLE_BY_ALL), path);
            }
            return container;
        }
    }
}
