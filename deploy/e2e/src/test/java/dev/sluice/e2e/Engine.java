package dev.sluice.e2e;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;

/** What runs containers, where there is such a thing. Implementations are thread-safe. */
@FunctionalInterface
interface Engine {
    /** This machine's Docker engine, found as Testcontainers finds it. */
    Engine DOCKER = Engine::docker;

    /**
     * Whether it can run an image; one that is not here yet is fetched.
     *
     * @param image with its tag
     * @return false also where there is no engine
     */
    boolean has(String image);

    private static boolean docker(String image) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return false;
        }
        Logger log = LoggerFactory.getLogger(Engine.class);
        try {
            log.info("image {}", new RemoteDockerImage(DockerImageName.parse(image)).get());
            return true;
        } catch (ContainerFetchException e) {
            log.warn("image {} is not to be had; an installed program must do", image, e);
            return false;
        }
    }
}
