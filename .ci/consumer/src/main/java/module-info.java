/** A program of somebody who uses the libraries. */
module consumer {
    requires org.processmanager.ipc;
}
