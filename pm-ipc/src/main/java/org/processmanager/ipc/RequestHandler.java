package org.processmanager.ipc;

/** Answers the requests that a {@link Replier} receives. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Handles one request, in the thread that serves.
     *
     * @param request the request, which the handler may keep
     * @return the reply
     * @throws Exception if the request fails: the requester gets a {@link RequestFailedException} with the text of this
     *     exception, and the replier continues
     */
    byte[] reply(byte[] request) throws Exception;
}
