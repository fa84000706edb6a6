#include "ccurl.h"
#include <sys/socket.h>

#define SET(handle, option, value)                                   \
    do {                                                             \
        CURLcode code = curl_easy_setopt((handle), option, (value)); \
        if (code != CURLE_OK) return code;                           \
    } while (0)

CURLcode ccurl_set_defaults(CURL *handle) {
    SET(handle, CURLOPT_NOSIGNAL, 1L);
    SET(handle, CURLOPT_PROXY, "");
    SET(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    SET(handle, CURLOPT_USERAGENT, "faultline");
    return CURLE_OK;
}

CURLcode ccurl_set_url(CURL *handle, const char *url) {
    SET(handle, CURLOPT_PATH_AS_IS, 1L);
    return curl_easy_setopt(handle, CURLOPT_URL, url);
}

CURLcode ccurl_set_headers(CURL *handle, struct curl_slist *headers) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

CURLcode ccurl_set_timeouts(CURL *handle, long connect_ms, long total_ms) {
    SET(handle, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    return curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, total_ms);
}

CURLcode ccurl_set_context(CURL *handle, void *context) {
    return curl_easy_setopt(handle, CURLOPT_PRIVATE, context);
}

CURLcode ccurl_set_error_buffer(CURL *handle, char *buffer) {
    return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

CURLcode ccurl_set_method(CURL *handle, const char *method) {
    return curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method);
}

CURLcode ccurl_set_head(CURL *handle) {
    return curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
}

CURLcode ccurl_set_upload(CURL *handle, curl_off_t length, ccurl_transfer read, ccurl_seek seek, void *context) {
    SET(handle, CURLOPT_UPLOAD, 1L);
    SET(handle, CURLOPT_INFILESIZE_LARGE, length);
    SET(handle, CURLOPT_READFUNCTION, read);
    SET(handle, CURLOPT_READDATA, context);
    SET(handle, CURLOPT_SEEKFUNCTION, seek);
    SET(handle, CURLOPT_SEEKDATA, context);
    SET(handle, CURLOPT_UPLOAD_BUFFERSIZE, 256L * 1024);
    return CURLE_OK;
}

CURLcode ccurl_set_receivers(CURL *handle, ccurl_transfer head, ccurl_transfer body, void *context) {
    SET(handle, CURLOPT_HEADERFUNCTION, head);
    SET(handle, CURLOPT_HEADERDATA, context);
    SET(handle, CURLOPT_WRITEFUNCTION, body);
    SET(handle, CURLOPT_WRITEDATA, context);
    return CURLE_OK;
}

CURLcode ccurl_set_guards(CURL *handle, ccurl_open_socket open, ccurl_before_request before, void *context) {
    SET(handle, CURLOPT_OPENSOCKETFUNCTION, open);
    SET(handle, CURLOPT_OPENSOCKETDATA, context);
    SET(handle, CURLOPT_PREREQFUNCTION, before);
    SET(handle, CURLOPT_PREREQDATA, context);
    return CURLE_OK;
}

CURLcode ccurl_set_signing(CURL *handle, const char *scheme, const char *access_key, const char *secret_key) {
    SET(handle, CURLOPT_AWS_SIGV4, scheme);
    SET(handle, CURLOPT_USERNAME, access_key);
    SET(handle, CURLOPT_PASSWORD, secret_key);
    return CURLE_OK;
}

CURLcode ccurl_get_status(CURL *handle, long *status) {
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, status);
}

CURLcode ccurl_get_context(CURL *handle, char **context) {
    return curl_easy_getinfo(handle, CURLINFO_PRIVATE, context);
}

CURLMcode ccurl_multi_set_connections(CURLM *multi, long kept) {
    return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, kept);
}

CURLcode ccurl_message_result(const CURLMsg *message) {
    return message->data.result;
}
