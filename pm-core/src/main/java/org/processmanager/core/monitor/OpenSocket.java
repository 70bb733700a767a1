package org.processmanager.core.monitor;

/**
 * An open socket.
 *
 * @param protocol {@code tcp}, {@code tcp6}, {@code udp}, {@code udp6} or {@code unix}
 * @param listening whether it accepts connections, or, for UDP, receives from any sender
 * @param localAddress its own address as {@code 127.0.0.1}, {@code ::1} or, if it listens at all addresses of the machine,
 *     {@code *}; for {@code unix} its path, which may be empty
 * @param localPort its own port; 0 for {@code unix}
 * @param remoteAddress the address of the other side; empty if there is none or if it is not known
 * @param remotePort the port of the other side; 0 if there is none
 */
public record OpenSocket(
        String protocol, boolean listening, String localAddress, int localPort, String remoteAddress, int remotePort) {}
