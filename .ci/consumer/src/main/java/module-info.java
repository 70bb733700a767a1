/** A program that uses the libraries. */
module consumer {
    requires org.processmanager.ipc;
}
